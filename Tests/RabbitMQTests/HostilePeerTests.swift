import Dispatch
import Logging
import RabbitMQ
import Support
import Testing

/// The client against a peer that does what no real broker does.
@Suite struct HostilePeerTests {
  let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  func connect(_ broker: ScriptedBroker, requestTimeout: Duration = .seconds(10)) async throws -> Connection {
    try await Connection.open(
      BrokerURL(broker.url), options: .init(requestTimeout: requestTimeout, recovery: nil), logger: logger)
  }

  @Test func aHeaderOfAnotherClassEndsTheConnectionAndNotTheProcess() async throws {
    let broker = try ScriptedBroker { method, channel in
      guard method == .consume else { return nil }
      return Frames.method(60, 21, channel: channel, Frames.short("drover-\(channel)"))
        + Frames.deliver(channel: channel, tag: 1)
        + Frames.header(channel: channel, classID: 10, bodySize: 0, flags: 0xFFFC)
    }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let consumer = try await connection.openChannel().consume("queue", prefetch: 10)
    let error = await #expect(throws: RabbitMQError.self) { try await consumer.nextBatch(upTo: 1) }
    #expect(error?.code == .protocolViolation)
    await connection.close()
  }

  @Test func framesBeyondOneTurnAreHandledWithoutWaitingForMore() async throws {
    // 5,000 deliveries of three frames each come in one go, and then nothing any more.
    let count = 5_000
    let broker = try ScriptedBroker { method, channel in
      guard method == .consume else { return nil }
      var bytes = Frames.method(60, 21, channel: channel, Frames.short("drover-\(channel)"))
      for tag in 1...UInt64(count) {
        bytes += Frames.deliver(channel: channel, tag: tag) + Frames.header(channel: channel, bodySize: 1)
        bytes += Frames.body(channel: channel, [7])
      }
      return bytes
    }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let consumer = try await connection.openChannel().consume("queue", prefetch: 65_535)
    var seen = 0
    while seen < count, let batch = try await consumer.nextBatch(upTo: 500, waitingFor: .seconds(10)), !batch.isEmpty {
      seen += batch.count
    }
    #expect(seen == count)
    await connection.close()
  }

  @Test func headersNestedToTheFramesLimitAreRead() async throws {
    let broker = try ScriptedBroker { method, channel in
      guard method == .consume else { return nil }
      // A list in a list in a list: each level takes five bytes, a tag and a length.
      var value: [UInt8] = []
      for _ in 0..<20_000 {
        let size = value.count
        value = [65] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) } + value
      }
      let table = Frames.short("deep") + value
      let headers = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: table.count >> $0) } + table
      return Frames.method(60, 21, channel: channel, Frames.short("drover-\(channel)"))
        + Frames.deliver(channel: channel, tag: 1)
        + Frames.header(channel: channel, bodySize: 0, flags: 0x2000, properties: headers)
    }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let consumer = try await connection.openChannel().consume("queue", prefetch: 10)
    let delivery = try #require(try await consumer.nextBatch(upTo: 1, waitingFor: .seconds(10))?.first)
    #expect(delivery.properties.headers["deep"] != nil)
    await connection.close()
  }

  @Test func aLateAnswerEndsNeitherTheConnectionNorAnotherChannel() async throws {
    // The first declaration is answered only when the second channel declares too.
    let broker = try ScriptedBroker { method, channel in
      guard method == .queueDeclare else { return nil }
      func answer(_ channel: UInt16) -> [UInt8] {
        Frames.method(50, 11, channel: channel, Frames.short("queue") + [0, 0, 0, 0, 0, 0, 0, 0])
      }
      return channel == 1 ? [] : answer(1) + answer(channel)
    }
    defer { broker.stop() }
    let connection = try await connect(broker, requestTimeout: .milliseconds(100))
    let slow = try await connection.openChannel()
    let other = try await connection.openChannel()
    let error = await #expect(throws: RabbitMQError.self) { try await slow.declare(QueueDeclaration("queue")) }
    #expect(error?.code == .timedOut)
    #expect(try await other.declare(QueueDeclaration("queue")).name == "queue")
    #expect(try await other.declare(QueueDeclaration("queue")).name == "queue")
    await connection.close()
  }

  @Test func namesThatAMQPCannotCarryAreRefusedAndTheConnectionGoesOn() async throws {
    let broker = try ScriptedBroker { _, _ in nil }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let channel = try await connection.openChannel()
    let long = String(repeating: "é", count: 128)
    let error = await #expect(throws: RabbitMQError.self) { try await channel.declare(QueueDeclaration(long)) }
    #expect(error?.code == .invalidArgument)
    let publisher = try await connection.openChannel().confirmingPublisher()
    guard case .unconfirmed(let refusal) = await publisher.publish(Message(exchange: "", routingKey: long, body: []))
    else {
      Issue.record("a routing key of 256 bytes was taken")
      return
    }
    #expect(refusal.code == .invalidArgument)
    // Further in, too.
    let table: FieldTable = ["list": .array([.table([long: 1])])]
    let message = Message(exchange: "", routingKey: "k", properties: .init(headers: table), body: [])
    guard case .unconfirmed(let refusal) = await publisher.publish(message) else {
      Issue.record("a header's name of 256 bytes was taken")
      return
    }
    #expect(refusal.code == .invalidArgument)
    for request in [
      { try await channel.declare(ExchangeDeclaration("exchange/u/jobs", arguments: table)) },
      { try await channel.declare(QueueDeclaration("queue", arguments: table)) },
      { _ = try await channel.consume("queue", prefetch: 1, arguments: table) },
    ] as [@Sendable () async throws -> Void] {
      let error = await #expect(throws: RabbitMQError.self) { try await request() }
      #expect(error?.code == .invalidArgument)
    }
    try await channel.declare(ExchangeDeclaration("exchange/u/jobs"))
    await connection.close()
  }

  @Test func argumentsThatFitNoFrameAreRefusedAndTheConnectionGoesOn() async throws {
    let broker = try ScriptedBroker { _, _ in nil }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let channel = try await connection.openChannel()
    let arguments: FieldTable = ["x": .string(String(repeating: "y", count: 200_000))]
    let error = await #expect(throws: RabbitMQError.self) {
      try await channel.declare(QueueDeclaration("queue", arguments: arguments))
    }
    #expect(error?.code == .invalidArgument)
    try await channel.declare(QueueDeclaration("queue"))
    await connection.close()
  }

  @Test func aPeerThatStopsReadingInAFrameHoldsNobodyForEver() async throws {
    let isOver = DispatchSemaphore(value: 0)
    let broker = try ScriptedBroker { method, _ in
      // The broker's one thread waits here, and reads nothing more.
      if method == .queueDeclare { isOver.wait() }
      return nil
    }
    defer {
      isOver.signal()
      broker.stop()
    }
    let connection = try await Connection.open(
      BrokerURL(broker.url),
      options: .init(requestTimeout: .milliseconds(500), closeTimeout: .milliseconds(500), recovery: nil),
      logger: logger)
    let publisher = try await connection.openChannel().confirmingPublisher()
    let other = try await connection.openChannel()
    let declaring = Task { try await other.declare(QueueDeclaration("queue")) }
    try await eventually("the broker's wait") { broker.count(of: .queueDeclare) == 1 }
    let outcome = await publisher.publish(
      Message(exchange: "", routingKey: "k", body: [UInt8](repeating: 7, count: 64 << 20)),
      timeout: .milliseconds(500))
    guard case .unconfirmed(let error) = outcome else {
      Issue.record("the message cannot have been taken")
      return
    }
    #expect(error.code == .timedOut, "\(error)")
    let late = await #expect(throws: RabbitMQError.self) { try await declaring.value }
    #expect(late?.code == .timedOut)
    await connection.close()
  }

  @Test func whatIsNotConfirmedInTimeIsGivenUpAndNotSentLater() async throws {
    let broker = try ScriptedBroker { _, _ in nil }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let publisher = try await connection.openChannel().confirmingPublisher(timeout: .milliseconds(200))
    // More than the window and the outbox hold together, so that the call has to wait for room too.
    let outcomes = await publisher.publish(
      (0..<10_000).map { _ in Message(exchange: "", routingKey: "k", body: [1]) })
    #expect(outcomes.count == 10_000)
    #expect(outcomes.allSatisfy { if case .unconfirmed(let error) = $0 { error.code == .timedOut } else { false } })
    await connection.close()
  }
}
