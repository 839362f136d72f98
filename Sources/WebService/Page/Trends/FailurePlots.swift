import JobStore

/// How often the jobs of a type fail, over time: a small drawing for each of the types with the most failures.
struct FailurePlots {
  struct Small {
    let symbol: String
    let typeName: String
    /// `12 of 80 failed, 15 %`
    let share: String
    let drawing: String
  }

  let plots: [Small]
  let table: Plot.Table
  /// How many hours a point stands for.
  let hoursPerPoint: Int

  private struct Share {
    var failed = 0
    var finished = 0

    mutating func add(_ failures: JobTrends.Failures) {
      failed += failures.failed
      finished += failures.finished
    }

    /// In percent, to the nearest one; nil of nothing.
    var percent: Int? { finished == 0 ? nil : (failed * 200 + finished) / (finished * 2) }

    var text: String { percent.map { "\(failed) of \(finished) failed, \($0) %" } ?? "none ended" }
  }

  /// Nil where nothing failed.
  init?(_ trends: JobTrends, _ window: TrendsWindow) {
    let hoursPerPoint = window.hoursPerPoint
    let points = (window.hours + hoursPerPoint - 1) / hoursPerPoint
    var series: [Int64: [Share]] = [:]
    var totals: [Int64: Share] = [:]
    for failures in trends.failures where (0..<window.hours).contains(failures.hour) {
      series[failures.type, default: .init(repeating: Share(), count: points)][failures.hour / hoursPerPoint]
        .add(failures)
      totals[failures.type, default: Share()].add(failures)
    }
    guard !series.isEmpty else { return nil }
    let types = series.keys.sorted {
      (totals[$1]?.failed ?? 0, $0) < (totals[$0]?.failed ?? 0, $1)
    }
    self.hoursPerPoint = hoursPerPoint
    plots = types.enumerated().map { index, type in
      let shares = series[type] ?? []
      let (name, total) = (trends.types[type]?.name ?? "", totals[type]?.text ?? "")
      var writer = PlotWriter(
        name: "failures-\(index)", title: "Failure rate of \(name)", summary: "\(total).", window: window,
        scale: .percent, height: 80, hoursPerPlace: hoursPerPoint)
      let values = shares.indices.compactMap { place in shares[place].percent.map { (place, Int64($0)) } }
      writer.line(values, "b")
      for (place, value) in values {
        writer.beginPlace("\(window.text(place * hoursPerPoint)): \(shares[place].text)")
        writer.dot(place: place, value: value, "b")
        writer.endPlace()
      }
      return Small(
        symbol: trends.types[type]?.symbol ?? "", typeName: name, share: total, drawing: writer.ended())
    }
    let rows = (0..<points).compactMap { point -> Plot.Table.Row? in
      let shares = types.map { series[$0]?[point] ?? Share() }
      guard shares.contains(where: { $0.finished > 0 }) else { return nil }
      return .init(
        head: window.text(point * hoursPerPoint),
        cells: shares.map { $0.finished == 0 ? "" : "\($0.failed) of \($0.finished)" })
    }
    table = .init(
      corner: "From (UTC)", heads: types.map { trends.types[$0]?.name ?? "" }, rows: rows)
  }
}
