import Foundation
import NIOHTTP1
import Testing

@testable import Submission

@Suite struct RetryPlanTests {
  private let passing = SubmissionError(.serverFailed, "", isRetriable: true)

  private func pauses(
    _ configuration: SubmissionConfiguration, chance: Double = 0, retryAfter: Duration? = nil
  ) -> [Duration] {
    var plan = RetryPlan(configuration)
    var pauses: [Duration] = []
    plan.begin()
    while pauses.count < 100, let pause = plan.pause(after: passing, retryAfter: retryAfter, chance: chance) {
      pauses.append(pause)
      plan.begin()
    }
    return pauses
  }

  @Test func pausesDoubleUpToALimitAndEndWithTheAttempts() {
    var configuration = SubmissionConfiguration()
    #expect(pauses(configuration) == [.milliseconds(500), .seconds(1), .seconds(2), .seconds(4)])
    configuration.attempts = 9
    #expect(pauses(configuration).suffix(3) == [.seconds(16), .seconds(30), .seconds(30)])
    #expect(pauses(configuration, chance: 1).first == .milliseconds(250))
    for attempts in [1, 0, -3] {
      configuration.attempts = attempts
      #expect(pauses(configuration).isEmpty)
    }
  }

  @Test func theServersWishCountsWhereItIsLongerButNotForHours() {
    let configuration = SubmissionConfiguration()
    #expect(pauses(configuration, retryAfter: .seconds(3)) == [.seconds(3), .seconds(3), .seconds(3), .seconds(4)])
    #expect(pauses(configuration, retryAfter: .seconds(301)).isEmpty)
  }

  @Test func whatWillNotPassIsNotTriedAgain() {
    var plan = RetryPlan(SubmissionConfiguration())
    plan.begin()
    #expect(plan.pause(after: SubmissionError(.refused, ""), retryAfter: .zero, chance: 0) == nil)
  }

  @Test(
    arguments: [
      ("7", 7), (" 0 ", 0), ("Sat, 21 Nov 2015 10:01:40 GMT", 100), ("Sat, 21 Nov 2015 09:00:00 GMT", 0), ("-7", nil),
      ("soon", nil), ("", nil), ("99999999999999999999", nil), ("9999999999", Int(Int32.max)),
    ] as [(String, Int?)])
  func retryAfterIsASpanOrADate(_ text: String, _ seconds: Int?) {
    let now = Date(timeIntervalSince1970: 1_448_100_000)
    let answer = ServerAnswer(status: 429, headers: ["Retry-After": text], body: [])
    #expect(answer.retryAfter(now: now) == seconds.map { .seconds($0) })
    #expect(ServerAnswer(status: 400, headers: ["Retry-After": text], body: []).retryAfter(now: now) == nil)
  }
}
