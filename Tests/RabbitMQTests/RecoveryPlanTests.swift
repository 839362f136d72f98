import Testing

@testable import RabbitMQ

@Suite struct RecoveryPlanTests {
  let policy = RecoveryPolicy(initialDelay: .seconds(1), maximumDelay: .seconds(30), refusalLimit: 3)
  let unreachable = RabbitMQError(.unreachable, "nobody there", isRetriable: true)
  let refused = RabbitMQError(.authenticationRefused, "no")

  /// Gives the longest wait: nothing is left to chance.
  struct Highest: RandomNumberGenerator {
    mutating func next() -> UInt64 { .max }
  }

  func seconds(_ step: RecoveryPlan.Step) -> Double? {
    guard case .attempt(let delay, _) = step else { return nil }
    return (Double(delay.components.seconds) + Double(delay.components.attoseconds) / 1e18).rounded()
  }

  @Test func waitsDoubleUpToTheLongest() {
    var plan = RecoveryPlan(policy, endpointCount: 1, endpoint: 0)
    var random = Highest()
    plan.recovered(at: .now)
    var waits = [seconds(plan.lost(at: .now + .seconds(100), using: &random))]
    for _ in 0..<7 { waits.append(seconds(plan.failed(unreachable, using: &random))) }
    #expect(waits == [1, 2, 4, 8, 16, 30, 30, 30])
    #expect(plan.attempts == 8)
  }

  @Test func chanceTakesUpToHalfOfAWait() {
    var plan = RecoveryPlan(policy, endpointCount: 1, endpoint: 0)
    var random = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      plan.recovered(at: .now)
      guard case .attempt(let delay, 0) = plan.lost(at: .now + .seconds(100), using: &random) else {
        Issue.record("no attempt")
        return
      }
      #expect(delay >= .milliseconds(500) && delay <= .seconds(1))
    }
  }

  @Test func theLostEndpointIsTriedFirstAndThenTheOthersInTurn() {
    var plan = RecoveryPlan(policy, endpointCount: 3, endpoint: 1)
    var random = SystemRandomNumberGenerator()
    var steps = [plan.lost(at: .now, using: &random)]
    for _ in 0..<3 { steps.append(plan.failed(unreachable, using: &random)) }
    let endpoints = steps.map { if case .attempt(_, let endpoint) = $0 { endpoint } else { -1 } }
    #expect(endpoints == [1, 2, 0, 1])
  }

  @Test func oneThatDidItsWorkBeginsAnewHoweverShortItLived() {
    var plan = RecoveryPlan(policy, endpointCount: 1, endpoint: 0)
    var random = Highest()
    let start = ContinuousClock.now
    for _ in 0..<4 {
      plan.recovered(at: start)
      plan.worked()
      #expect(seconds(plan.lost(at: start + .milliseconds(10), using: &random)) == 1)
    }
  }

  @Test func aConnectionThatLivedLongBeginsAnewAndOneThatDidNotWaitsLonger() {
    var plan = RecoveryPlan(policy, endpointCount: 1, endpoint: 0)
    var random = Highest()
    let start = ContinuousClock.now
    plan.recovered(at: start)
    #expect(seconds(plan.lost(at: start + .milliseconds(10), using: &random)) == 1)
    plan.recovered(at: start)
    #expect(seconds(plan.lost(at: start + .milliseconds(10), using: &random)) == 2)
    plan.recovered(at: start)
    #expect(seconds(plan.lost(at: start + .milliseconds(10), using: &random)) == 4)
    plan.recovered(at: start)
    #expect(seconds(plan.lost(at: start + .seconds(60), using: &random)) == 1)
  }

  @Test func aLoginThatIsRefusedAgainAndAgainIsGivenUp() {
    var plan = RecoveryPlan(policy, endpointCount: 1, endpoint: 0)
    var random = SystemRandomNumberGenerator()
    _ = plan.lost(at: .now, using: &random)
    _ = plan.failed(refused, using: &random)
    _ = plan.failed(refused, using: &random)
    // Something else in between: the broker is not there yet.
    _ = plan.failed(unreachable, using: &random)
    _ = plan.failed(refused, using: &random)
    _ = plan.failed(refused, using: &random)
    #expect(plan.failed(refused, using: &random) == .giveUp)
  }
}
