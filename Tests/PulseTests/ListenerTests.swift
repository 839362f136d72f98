import Logging
import Pulse
import RabbitMQ
import Support
import Synchronization
import Testing

@Suite struct ListenerTests {
  /// A record of bindings that keeps nothing.
  struct NoLedger: BindingLedger {
    func bindings(of queue: String) async throws -> [Binding] { [] }
    func record(_ bindings: [Binding], of queue: String) async throws {}
  }

  @Test func aMessageThatComesWhileTheQueueIsAskedAboutIsHandledBeforeTheEnd() async throws {
    // Once there is a consumer, a delivery goes out just ahead of the first answer that the queue is empty.
    let consumer = Mutex<(channel: UInt16?, hasDelivered: Bool)>((nil, false))
    let broker = try ScriptedBroker { method, channel in
      if method == .consume { consumer.withLock { $0.channel = channel } }
      guard method == .queueDeclare else { return nil }
      let target = consumer.withLock { consumer in
        defer { consumer.hasDelivered = consumer.channel != nil }
        return consumer.hasDelivered ? nil : consumer.channel
      }
      let delivery = target.map {
        Frames.deliver(channel: $0, tag: 1) + Frames.header(channel: $0, bodySize: 1) + Frames.body(channel: $0, [7])
      }
      return (delivery ?? [])
        + Frames.method(50, 11, channel: channel, Frames.short("queue") + [0, 0, 0, 0, 0, 0, 0, 0])
    }
    defer { broker.stop() }
    let exchanges = try ExchangeList(
      json: Array(#"[{"exchange": "exchange/drover/jobs", "destinations": ["d"], "projects": ["p"]}]"#.utf8),
      file: "test")
    var configuration = Listener.Configuration(broker: try BrokerURL(broker.url), exchanges: exchanges)
    configuration.endsWhenEmpty = true
    let handled = Mutex(0)
    let listener = Listener(
      configuration, ledger: NoLedger(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) { deliveries in
      { handled.withLock { $0 += deliveries.count } }
    }
    try await listener.run()
    #expect(handled.withLock { $0 } == 1)
    #expect(broker.count(of: .ack) == 1)
  }
}
