import Logging
import Pulse
import RabbitMQ
import Support
import Synchronization
import Testing

/// Handlers that take longer than the broker bears silence.
@Suite struct SlowHandlerTests {
  @Test func aHandlerThatTakesSixHeartbeatsKeepsItsConnectionAndItsAcknowledgementArrives() async throws {
    let broker = try await PrivateBroker.shared()
    let proxy = try FaultProxy(to: broker.port)
    defer { proxy.stop() }
    let setup = try ListenerSetup(broker: "amqp://drover:drover@127.0.0.1:\(proxy.port)/?heartbeat=1")
    try await setup.publish(3)

    let log = LogRecorder()
    let before = proxy.statistics
    let heard = Mutex<[Int?]>([])
    let traffic = Mutex((towardsServer: 0, towardsClient: 0))
    let listener = setup.listener(try setup.configuration(), logger: log.logger) { deliveries in
      let begin = proxy.statistics
      // The slowness is what is tested.
      if heard.withLock({ $0.isEmpty }) { try await Task.sleep(for: .seconds(6)) }
      let end = proxy.statistics
      traffic.withLock {
        $0.towardsServer = max($0.towardsServer, end.bytesTowardsServer - begin.bytesTowardsServer)
        $0.towardsClient = max($0.towardsClient, end.bytesTowardsClient - begin.bytesTowardsClient)
      }
      heard.withLock { $0 += deliveries.map(\.number) }
    }
    try await listener.run()

    #expect(heard.withLock { $0 } == [0, 1, 2], "each once, since the connection held")
    #expect(proxy.statistics.accepted == before.accepted + 1)
    #expect(log.lines.allSatisfy { $0.level < .warning })
    // A heartbeat has eight bytes; on the busiest machine there are some.
    let (towardsServer, towardsClient) = traffic.withLock { $0 }
    #expect(towardsServer >= 3 * 8 && towardsClient >= 3 * 8, "heartbeats went both ways meanwhile")
    #expect(try await setup.remaining() == 0)
  }
}
