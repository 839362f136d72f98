import Glibc
import Logging
import Support
import Testing

@testable import RabbitMQ

extension Connection {
  /// What the connection's thread has used: its time on a processor, and how often it went to sleep.
  fileprivate func usage() -> (time: Duration, sleeps: Int) {
    var usage = rusage()
    // RUSAGE_THREAD, which Linux's headers only have for GNU's C.
    getrusage(1, &usage)
    let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
    let microseconds = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
    return (.seconds(seconds) + .microseconds(microseconds), usage.ru_nvcsw)
  }

  fileprivate var hasWaiter: Bool { channels.values.contains { $0.consumers.values.contains { $0.waiter != nil } } }
}

/// A connection on which nothing happens does nothing.
@Suite struct IdleConnectionTests {
  let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  func connect(_ broker: ScriptedBroker, _ options: Connection.Options, _ query: String = "") async throws -> Connection
  {
    var options = options
    options.closeTimeout = .milliseconds(300)
    return try await Connection.open(BrokerURL(broker.url + query), options: options, logger: logger)
  }

  /// Expects the connection's thread to sleep through half a second.
  func expectSleep(of connection: Connection) async throws {
    let before = await connection.usage()
    // The time over which it is measured.
    try await Task.sleep(for: .milliseconds(500))
    let after = await connection.usage()
    #expect(after.time - before.time < .milliseconds(100))
    #expect(after.sleeps - before.sleeps < 50)
  }

  @Test func itSleepsWhereNobodyWaitsForAnything() async throws {
    let broker = try ScriptedBroker { _, _ in nil }
    defer { broker.stop() }
    let connection = try await connect(broker, .init())
    _ = try await connection.openChannel().consume("queue", prefetch: 10)
    try await expectSleep(of: connection)
    await connection.close()
  }

  @Test func itSleepsWhereAConfirmIsOwedForTooLongAndNothingCanBeDone() async throws {
    let broker = try ScriptedBroker { _, _ in nil }
    defer { broker.stop() }
    let connection = try await connect(broker, .init(recovery: nil, confirmTimeout: .milliseconds(1)))
    let publisher = try await connection.openChannel().confirmingPublisher()
    let receipt = await publisher.submit([Message(exchange: "", routingKey: "k", body: [1])])
    try await eventually("the message") { broker.count(of: .publish) == 1 }
    try await expectSleep(of: connection)
    await connection.close()
    _ = await receipt.outcomes
  }

  @Test func itsTimeIsNotUpUnderAnAlarm() async throws {
    let broker = try ScriptedBroker { method, channel in
      method == .queueDeclare ? Frames.blocked("alarm") + Frames.declareOK(channel: channel) : nil
    }
    defer { broker.stop() }
    let connection = try await connect(broker, .init(maximumAge: .seconds(3_600)))
    let channel = try await connection.openChannel()
    #expect(await connection.ageDeadline != nil)
    try await channel.declare(QueueDeclaration("queue"))
    // A deadline that passes without anything being done would keep the thread awake.
    #expect(await connection.ageDeadline == nil)
    await connection.close()
  }

  @Test func aWaitOfAnyLengthIsPossible() async throws {
    let broker = try ScriptedBroker { _, _ in nil }
    defer { broker.stop() }
    let connection = try await connect(broker, .init(), "&heartbeat=0")
    let consumer = try await connection.openChannel().consume("queue", prefetch: 1)
    let waiting = Task { try await consumer.nextBatch(upTo: 1, waitingFor: .seconds(Int64.max)) }
    try await eventually("the wait") { await connection.hasWaiter }
    // By now the thread has slept with that deadline.
    try await expectSleep(of: connection)
    await connection.close()
    await #expect(throws: RabbitMQError.self) { try await waiting.value }
  }
}
