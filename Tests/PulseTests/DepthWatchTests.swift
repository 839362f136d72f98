import Logging
import Pulse
import Testing

@Suite struct DepthWatchTests {
  func levels(_ counts: [Int]) -> [Logger.Level?] {
    var watch = DepthWatch()
    return counts.map { watch.observe($0)?.level }
  }

  @Test func everyThresholdIsReportedOnceOnTheWayUp() {
    #expect(
      levels([0, 1_999, 2_000, 2_001, 5_999, 6_000, 7_999, 8_001])
        == [nil, nil, .warning, nil, nil, .error, nil, nil])
  }

  @Test func aJumpOverBothIsReportedAsTheWorse() {
    #expect(levels([10, 9_000, 0]) == [nil, .error, .notice])
  }

  @Test func aQueueThatStaysAboutAThresholdIsReportedOnce() {
    #expect(levels([2_000, 1_999, 2_001, 1_500, 2_000]) == [.warning, nil, nil, nil, nil])
    #expect(levels([6_000, 5_999, 6_001, 4_500, 6_000]) == [.error, nil, nil, nil, nil])
  }

  @Test func itsEndIsReportedOnceAndANewBeginningAgain() {
    #expect(levels([2_000, 1_499, 1_498, 2_000]) == [.warning, .notice, nil, .warning])
    #expect(levels([6_000, 4_499, 4_400, 6_000]) == [.error, .notice, nil, .error])
    #expect(levels([6_000, 4_499, 1_499]) == [.error, .notice, .notice])
  }

  @Test func theAlarmSaysWhatIsToCome() {
    var watch = DepthWatch()
    #expect(
      watch.observe(6_500)?.description
        == "the queue has 6500 messages and will be deleted above 8000 by PulseGuardian")
    #expect(watch.depth == .endangered)
  }
}
