import RabbitMQ
import Support
import Testing

extension FaultTests {
  /// One fault at a time.
  @Suite(.serialized) struct SingleFaultTests {
    /// Lets one fault strike running traffic and goes through the account.
    private func lose(nothingTo fault: Fault, _ options: TrafficOptions = .init()) async throws {
      try await Traffic.run(on: .shared(), options) { traffic in
        try await traffic.start()
        try await fault.strike(traffic)
        _ = try await fault.awaitRecovery(of: traffic)
        try await traffic.finish()
        check(traffic)
      }
    }

    /// Everything confirmed is there, nothing else is, and neither side of the client gave up.
    private func check(_ traffic: Traffic) {
      let ledger = traffic.ledger.withLock { $0 }
      #expect(ledger.lostCount == 0 && ledger.outstandingCount == 0, "\(ledger.missing)")
      #expect(ledger.violations.isEmpty)
      #expect(ledger.giveUps.isEmpty, "the client recovers by itself")
      #expect(ledger.confirmedCount == ledger.count)
    }

    @Test(arguments: TrafficOptions.QueueType.allCases)
    func aBrokerKilledInMidPublishLosesNothing(_ queueType: TrafficOptions.QueueType) async throws {
      try await lose(nothingTo: Fault(.killed), .init(queueType: queueType))
    }

    @Test func aBrokerKilledInMidConsumeLosesNothing() async throws {
      try await Traffic.run(on: .shared(), .init()) { traffic in
        traffic.startPublishing()
        try await traffic.wait("messages to consume") { $0.confirmedCount >= 5_000 }
        try await traffic.finishPublishing()
        traffic.startConsuming()
        try await traffic.wait("the first deliveries") { $0.receivedCount >= 500 }
        try await Fault(.killed).strike(traffic)
        try await traffic.finish()
        check(traffic)
      }
    }

    @Test func aSilentBrokerIsNoticedWithinTwoHeartbeats() async throws {
      let options = TrafficOptions(heartbeat: 2)
      try await Traffic.run(on: .shared(), options) { traffic in
        try await traffic.start()
        let begin = ContinuousClock.now
        try await Fault(.silent).strike(traffic)
        // Two seconds for a busy machine.
        #expect(ContinuousClock.now - begin < .seconds(2 * options.heartbeat + 2))
        _ = try await Fault(.silent).awaitRecovery(of: traffic)
        try await traffic.finish()
        check(traffic)
      }
    }

    @Test func aBrokerThatFallsSilentInTheMiddleOfALargeFrameIsNoticedAsSoon() async throws {
      let options = TrafficOptions(heartbeat: 2, bodySize: 1_000_000, batchSize: 20, backlog: 100)
      try await Traffic.run(on: .shared(), options) { traffic in
        traffic.startConsuming()
        traffic.startPublishing()
        try await traffic.waitForProgress(from: 20)
        let begin = ContinuousClock.now
        try await Fault(.silent).strike(traffic)
        #expect(ContinuousClock.now - begin < .seconds(2 * options.heartbeat + 2))
        _ = try await Fault(.silent).awaitRecovery(of: traffic)
        try await traffic.finish()
        check(traffic)
      }
    }

    @Test(arguments: Fault.Stall.allCases)
    func aStalledNetworkIsNoticedAndLosesNothing(_ stall: Fault.Stall) async throws {
      var fault = Fault(.stalled)
      fault.stall = stall
      try await lose(nothingTo: fault)
    }

    @Test func aMemoryAlarmPausesPublishingAndConsumingGoesOn() async throws {
      // RabbitMQ tells those who publish after the alarm: nothing may keep the publisher from it.
      try await Traffic.run(on: .shared(), .init(backlog: .max)) { traffic in
        traffic.startPublishing()
        try await traffic.wait("messages to consume") { $0.confirmedCount >= 2_000 }
        try await traffic.broker.raiseMemoryAlarm()
        try await eventually("the broker to say that it takes no publications") {
          await traffic.publishing.blocked != nil
        }
        let confirmed = traffic.ledger.withLock { $0.confirmedCount }
        traffic.startConsuming()
        try await traffic.wait("deliveries during the alarm") { $0.receivedCount >= confirmed }
        // What was sent ahead of the alarm's notice may still be confirmed; what came later may not.
        let sendable = confirmed + 2_048 + traffic.options.batchSize
        #expect(traffic.ledger.withLock { $0.confirmedCount } <= sendable)
        #expect(await traffic.publishing.blocked != nil)
        try await traffic.broker.clearMemoryAlarm()
        _ = try await Fault(.alarm).awaitRecovery(of: traffic)
        try await traffic.finish()
        check(traffic)
      }
    }

    @Test(arguments: TrafficOptions.QueueType.allCases)
    func aQueueDeletedUnderAConsumerIsMadeAndConsumedAgain(_ queueType: TrafficOptions.QueueType) async throws {
      try await lose(nothingTo: Fault(.deleted), .init(queueType: queueType))
    }

    @Test func connectionsClosedByForceAreRecovered() async throws {
      try await lose(nothingTo: Fault(.closed))
    }

    @Test func aNetworkCutLosesNothing() async throws {
      var fault = Fault(.cut)
      fault.repetitions = 3
      try await lose(nothingTo: fault)
    }

    @Test func aNetworkCutInsideAFrameLosesNothing() async throws {
      // Large bodies, so that half of what passes at a time ends inside one.
      try await lose(nothingTo: Fault(.cutInsideFrame), .init(bodySize: 60_000, batchSize: 20, backlog: 500))
    }

    @Test func refusedConnectionsAreTriedAgain() async throws {
      var fault = Fault(.refused)
      fault.repetitions = 3
      try await lose(nothingTo: fault)
    }

    @Test func aSlowNetworkChangesNothing() async throws {
      try await Traffic.run(on: .shared(), .init(heartbeat: 5)) { traffic in
        try await traffic.start()
        let before = traffic.proxies.map(\.statistics.accepted)
        var fault = Fault(.slow)
        fault.pace = (200_000, 7)
        try await fault.strike(traffic)
        _ = try await fault.awaitRecovery(of: traffic)
        #expect(traffic.proxies.map(\.statistics.accepted) == before, "nobody had to connect again")
        try await traffic.finish()
        check(traffic)
        #expect(traffic.ledger.withLock { $0.repeatedCount + $0.redeliveredCount } == 0)
      }
    }

    @Test func anIdleConnectionIsKeptByHeartbeats() async throws {
      let broker = try await FaultableBroker.shared()
      try await broker.heal()
      let proxy = try FaultProxy(to: broker.port)
      defer { proxy.stop() }
      let connection = try await Connection.open(
        BrokerURL(broker.url(through: proxy, heartbeat: 1)), logger: CollectedLog().logger)
      let before = proxy.statistics
      // A heartbeat takes eight bytes, and RabbitMQ sends two in each interval: this takes five of them.
      try await eventually("the broker's heartbeats") {
        proxy.statistics.bytesTowardsClient >= before.bytesTowardsClient + 10 * 8
          || proxy.statistics.endedByClient > 0
      }
      #expect(proxy.statistics.accepted == 1 && proxy.statistics.endedByClient == 0)
      await connection.close()
    }

    @Test func aFrameThatTakesLongerThanTwoHeartbeatsIsNoSilence() async throws {
      // 120,000 bytes in one frame, at 30,000 a second: four seconds, with a heartbeat of one.
      let options = TrafficOptions(bodySize: 120_000, batchSize: 1, pipelinedBatches: 1, backlog: 3)
      try await Traffic.run(on: .shared(), options) { traffic in
        traffic.startConsuming()
        traffic.startPublishing()
        try await traffic.waitForProgress(from: 10)
        let before = traffic.proxies.map(\.statistics.accepted)
        var fault = Fault(.slow)
        fault.pace = (30_000, 1_500)
        fault.side = .consumer
        for _ in 0..<3 { try await fault.strike(traffic) }
        _ = try await fault.awaitRecovery(of: traffic)
        #expect(traffic.proxies.map(\.statistics.accepted) == before, "nobody had to connect again")
        try await traffic.finish()
        check(traffic)
      }
    }
  }
}
