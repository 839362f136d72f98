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
    // The consumer has channel 1, and the question another one; a delivery goes out just ahead of the answer that the queue is empty.
    let hasDelivered = Mutex(false)
    let broker = try ScriptedBroker { method, channel in
      guard method == .queueDeclare, channel != 1 else { return nil }
      let isFirst = hasDelivered.withLock { value in
        defer { value = true }
        return !value
      }
      let delivery =
        Frames.deliver(channel: 1, tag: 1) + Frames.header(channel: 1, bodySize: 1) + Frames.body(channel: 1, [7])
      return (isFirst ? delivery : [])
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
