import Logging
import RabbitMQ
import Support
import Synchronization
import Testing

/// A broker of several endpoints.
@Suite struct EndpointTests {
  private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  private let unreachable = "amqp://127.0.0.1:1/"

  private func connect(_ urls: String...) async throws -> Connection {
    try await Connection.open(
      BrokerURL(urls.joined(separator: ",")),
      options: .init(closeTimeout: .milliseconds(500), recovery: RecoveryPolicy(initialDelay: .milliseconds(10))),
      logger: logger)
  }

  /// One that ends every connection in its handshake.
  private func broken() throws -> ScriptedBroker {
    try ScriptedBroker { method, _ in method == .startOK ? ScriptedBroker.hangUp : nil }
  }

  @Test func eachIsTriedInTurnUntilOneAnswers() async throws {
    let (first, second, third) = (try broken(), try ScriptedBroker { _, _ in nil }, try ScriptedBroker { _, _ in nil })
    defer { for broker in [first, second, third] { broker.stop() } }
    let connection = try await connect(unreachable, first.url, second.url, third.url)
    try await connection.openChannel().declare(QueueDeclaration("queue"))
    await connection.close()
    #expect([first, second, third].map { $0.count(of: .startOK) } == [1, 1, 0])
  }

  @Test func whereNoneAnswersTheLastOnesErrorIsTold() async throws {
    let broker = try broken()
    defer { broker.stop() }
    let unreached = await #expect(throws: RabbitMQError.self) { try await connect(broker.url, unreachable) }
    #expect(unreached?.code == .unreachable)
    let lost = await #expect(throws: RabbitMQError.self) { try await connect(unreachable, broker.url) }
    #expect(lost?.code != .unreachable && lost != nil)
    #expect(broker.count(of: .startOK) == 2)
  }

  @Test func aRefusedLoginIsNotTriedElsewhere() async throws {
    let refusing = try ScriptedBroker { method, _ in
      method == .startOK
        ? Frames.method(10, 50, channel: 0, [1, 147] + Frames.short("ACCESS_REFUSED - login refused") + [0, 0, 0, 0])
        : nil
    }
    let other = try ScriptedBroker { _, _ in nil }
    defer { for broker in [refusing, other] { broker.stop() } }
    let error = await #expect(throws: RabbitMQError.self) { try await connect(refusing.url, other.url) }
    #expect(error?.code == .authenticationRefused, "\(error.map { "\($0)" } ?? "")")
    #expect(other.count(of: .startOK) == 0)
  }

  @Test func afterALossTheSameIsTriedFirstAndThenTheNextOneWithEverythingThatWasOpen() async throws {
    // It takes one connection, and ends that when a queue is declared.
    let connections = Mutex(0)
    let first = try ScriptedBroker { method, _ in
      let number = connections.withLock {
        if method == .startOK { $0 += 1 }
        return $0
      }
      return method == .queueDeclare || number > 1 ? ScriptedBroker.hangUp : nil
    }
    let second = try ScriptedBroker { _, _ in nil }
    defer { for broker in [first, second] { broker.stop() } }
    let connection = try await connect(first.url, second.url)
    let channel = try await connection.openChannel()
    _ = try await channel.consume("queue", prefetch: 1)
    await #expect(throws: RabbitMQError.self) { try await channel.declare(QueueDeclaration("queue")) }
    try await channel.declare(QueueDeclaration("queue"))
    #expect(first.count(of: .startOK) == 2 && second.count(of: .startOK) == 1)
    #expect(second.count(of: .consume) == 1)
    await connection.close()
  }
}
