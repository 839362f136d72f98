import Logging
import Pulse
import RabbitMQ
import Support
import Testing

/// A listener with an exchange and a queue of its own, for tests of what becomes of its messages.
struct ListenerSetup {
  let broker: BrokerURL
  let name = PrivateBroker.uniqueName("listener")
  let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  init(broker url: String) throws { broker = try BrokerURL(url) }

  var exchange: String { "exchange/\(PrivateBroker.user)/\(name)" }
  var queue: String { "queue/\(PrivateBroker.user)/\(name)" }

  /// A message for the listener.
  func message(_ number: Int) -> Message {
    Message(
      exchange: exchange, routingKey: "d.p", properties: .init(isPersistent: true), body: Array("\(number)".utf8),
      isMandatory: true)
  }

  func configuration(endsWhenEmpty: Bool = true) throws -> Listener.Configuration {
    let list = #"[{"exchange": "\#(exchange)", "destinations": ["d"], "projects": ["p"]}]"#
    var configuration = Listener.Configuration(
      broker: broker, exchanges: try ExchangeList(json: Array(list.utf8), file: "test"))
    configuration.queue = name
    configuration.endsWhenEmpty = endsWhenEmpty
    return configuration
  }

  /// A listener that does everything with `store`, which runs beside the reading of the batch after it.
  func listener(
    _ configuration: Listener.Configuration, logger: Logger,
    store: @escaping @Sendable ([Delivery]) async throws -> Void
  ) -> Listener {
    Listener(configuration, ledger: NoLedger(), logger: logger) { deliveries in { try await store(deliveries) } }
  }

  /// Makes exchange, queue and binding, and puts `count` messages into the queue.
  func publish(_ count: Int) async throws {
    try await listener(configuration(), logger: quiet) { _ in }.run()
    let connection = try await Connection.open(broker, logger: quiet)
    let outcomes = await (try await connection.openChannel().confirmingPublisher()).publish((0..<count).map(message))
    await connection.close()
    try #require(outcomes.allSatisfy { if case .confirmed = $0 { true } else { false } })
  }

  /// Messages in the queue, once nobody consumes it any more: those that were not acknowledged are back by then.
  func remaining() async throws -> Int {
    let connection = try await Connection.open(broker, logger: quiet)
    let channel = try await connection.openChannel()
    var status = try await channel.declare(QueueDeclaration(queue, isPassive: true))
    try await eventually("the end of the consumers") {
      status = try await channel.declare(QueueDeclaration(queue, isPassive: true))
      return status.consumerCount == 0
    }
    await connection.close()
    return status.messageCount
  }

  private struct NoLedger: BindingLedger {
    func bindings(of queue: String) async throws -> [Binding] { [] }
    func record(_ bindings: [Binding], of queue: String) async throws {}
  }
}

extension Delivery {
  /// The number of a ``ListenerSetup``'s message, or of another one whose body is a number.
  var number: Int? { Int(String(decoding: body, as: UTF8.self)) }
}
