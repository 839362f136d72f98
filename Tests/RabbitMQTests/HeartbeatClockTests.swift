import Testing

@testable import RabbitMQ

@Suite struct HeartbeatClockTests {
  let start = ContinuousClock.now

  @Test func aHeartbeatIsDueAfterHalfAnIntervalWithoutSending() throws {
    var clock = try #require(HeartbeatClock(seconds: 10, now: start))
    #expect(!clock.mustSend(at: start + .milliseconds(4_999)))
    #expect(clock.mustSend(at: start + .seconds(5)))
    clock.sent(at: start + .seconds(4))
    #expect(!clock.mustSend(at: start + .seconds(8)))
    #expect(clock.nextDeadline == start + .seconds(9))
  }

  @Test func twoIntervalsOfSilenceAreTheEnd() throws {
    var clock = try #require(HeartbeatClock(seconds: 10, now: start))
    #expect(!clock.isPeerSilent(at: start + .seconds(19)))
    #expect(clock.isPeerSilent(at: start + .seconds(20)))
    clock.received(at: start + .seconds(15))
    #expect(!clock.isPeerSilent(at: start + .seconds(34)))
    clock.sent(at: start + .seconds(34))
    #expect(clock.nextDeadline == start + .seconds(35))
  }

  @Test func zeroMeansNone() {
    #expect(HeartbeatClock(seconds: 0, now: start) == nil)
  }
}
