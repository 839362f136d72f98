import JobStore

/// Jobs per hour by result, piled upon each other.
enum OutcomePlot {
  /// Nil where no hour has a job.
  static func make(_ trends: JobTrends, _ window: TrendsWindow) -> Plot? {
    var hours = [[Int]](
      repeating: [Int](repeating: 0, count: JobAppearance.allCases.count), count: window.hours)
    for outcome in trends.outcomes where hours.indices.contains(outcome.hour) {
      hours[outcome.hour][JobAppearance(state: outcome.state, result: outcome.result).rawValue] += outcome.jobs
    }
    let looks = JobAppearance.allCases.filter { look in hours.contains { $0[look.rawValue] > 0 } }
    guard !looks.isEmpty else { return nil }
    let totals = hours.map { $0.reduce(0, +) }
    let busiest = totals.indices.max { totals[$0] < totals[$1] } ?? 0
    let sums = looks.map { look in "\(hours.reduce(0) { $0 + $1[look.rawValue] }) \(look.label)" }
    var writer = PlotWriter(
      name: "outcomes", title: "Jobs per hour by result",
      summary: "In all \(sums.joined(separator: ", ")). The most in an hour: \(totals[busiest]), "
        + "from \(window.text(busiest)) UTC.",
      window: window, scale: .counts(to: Int64(totals[busiest])), height: 220)
    for hour in hours.indices where totals[hour] > 0 {
      let present = looks.filter { hours[hour][$0.rawValue] > 0 }
      let words = present.map { "\(hours[hour][$0.rawValue]) \($0.label)" }
      writer.beginPlace("\(window.text(hour)): \(words.joined(separator: ", "))")
      writer.stack(place: hour, present.map { ($0.letter, hours[hour][$0.rawValue]) })
      writer.endPlace()
    }
    let rows = hours.indices.filter { totals[$0] > 0 }.map { hour in
      Plot.Table.Row(head: window.text(hour), cells: looks.map { "\(hours[hour][$0.rawValue])" } + ["\(totals[hour])"])
    }
    return Plot(
      keys: looks.map { .init(letter: "\($0.letter)", label: $0.label) }, vertical: "Jobs per hour",
      drawing: writer.ended(),
      table: .init(corner: "Hour from (UTC)", heads: looks.map(\.label) + ["all"], rows: rows))
  }
}
