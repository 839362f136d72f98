import Testing

@testable import WebService

/// Axes, windows of time and drawings.
@Suite struct PlotTests {
  @Test(
    arguments: [
      (0, [0, 1]), (1, [0, 1]), (4, [0, 1, 2, 3, 4]), (5, [0, 2, 4, 6]), (100, [0, 50, 100]),
      (1234, [0, 500, 1000, 1500]),
    ] as [(Int64, [Int64])])
  func axesOfCountsGoToTheNextRoundNumber(_ maximum: Int64, _ ticks: [Int64]) {
    #expect(PlotScale.counts(to: maximum).ticks == ticks)
  }

  @Test(
    arguments: [
      (0, ["0 s", "0.1 s"]), (950, ["0 s", "0.2 s", "0.4 s", "0.6 s", "0.8 s", "1 s"]),
      (70_000, ["0 s", "15 s", "30 s", "45 s", "1 min", "1 min 15 s"]),
      (5_400_000, ["0 s", "30 min", "1 h", "1 h 30 min"]),
      (200_000_000, ["0 s", "12 h", "1 d", "1 d 12 h", "2 d", "2 d 12 h"]),
    ] as [(Int64, [String])])
  func axesOfTimesHaveRoundSteps(_ maximum: Int64, _ labels: [String]) {
    let scale = PlotScale.durations(to: maximum)
    #expect(scale.ticks.map { scale.label($0) } == labels)
  }

  @Test func axesHoldAnyNumber() {
    for maximum: Int64 in [.max, .max - 1, 1 << 60, 86_400_000_000_000] as [Int64] {
      #expect(PlotScale.durations(to: maximum).ticks.count <= 7)
      #expect(PlotScale.counts(to: maximum).ticks.count <= 7)
    }
  }

  @Test func windowsAreWholeHoursUpToTheOneThatIsNotOver() {
    // 2025-10-06 08:02:41 UTC
    let window = TrendsWindow(hours: 24, now: 1_759_737_761_363)
    #expect(window.text(0) == "2025-10-05 09:00" && window.text(23) == "2025-10-06 08:00")
    #expect(
      window.labels.map(\.text) == ["09:00", "12:00", "15:00", "18:00", "21:00", "6 Oct", "03:00", "06:00", "09:00"])
    #expect(window.labels.map(\.hour) == Array(stride(from: 0, through: 24, by: 3)))
    let week = TrendsWindow(hours: 168, now: 1_759_737_761_363)
    #expect(week.labels.map(\.text) == ["30 Sep", "1 Oct", "2 Oct", "3 Oct", "4 Oct", "5 Oct", "6 Oct"])
    #expect(window.hoursPerPoint == 1 && week.hoursPerPoint == 7 && TrendsWindow(hours: 25, now: 0).hoursPerPoint == 2)
  }

  @Test func linesAreBrokenWhereAPlaceHasNoValue() {
    let window = TrendsWindow(hours: 5, now: 0)
    var writer = PlotWriter(
      name: "n", title: "t", summary: "s", window: window, scale: .counts(to: 10), height: 100)
    writer.line([(0, 10), (1, 5), (3, 0)], "x")
    #expect(writer.ended().contains("<polyline points=\"1,0 3,50\" /><polyline points=\"7,100\" /></svg></svg>"))
  }

  @Test func piledPartsAreAsHighAsTheirSumAndAllAreSeen() {
    let window = TrendsWindow(hours: 1, now: 0)
    var writer = PlotWriter(
      name: "n", title: "t", summary: "s", window: window, scale: .counts(to: 10_000), height: 100)
    writer.stack(place: 0, [("b", 1), ("f", 1), ("s", 9998)])
    let heights = writer.ended().matches(of: /<rect class=(.) x=8% width=84% y=(\d+) height=(\d+)/).map {
      "\($0.1) \($0.2) \($0.3)"
    }
    #expect(heights == ["b 99 1", "f 98 1", "s 0 98"])
  }

  @Test func sharesArePercentWithTwoDecimals() {
    #expect(PlotWriter.percent(1, of: 3) == "33.33%" && PlotWriter.percent(1, of: 2) == "50%")
    #expect(PlotWriter.percent(1, of: 1000) == "0.10%" && PlotWriter.percent(1, of: 0) == "100%")
  }
}
