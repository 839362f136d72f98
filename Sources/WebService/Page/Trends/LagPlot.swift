import JobStore

/// How long after they happened jobs were stored, hour by hour.
enum LagPlot {
  /// Nil where no job says when something happened to it.
  static func make(_ trends: JobTrends, _ window: TrendsWindow) -> Plot? {
    guard let worst = trends.lags.max(by: { $0.high < $1.high }) else { return nil }
    var writer = PlotWriter(
      name: "lag", title: "Ingestion lag",
      summary: "The largest 95th percentile of an hour is \(PlotScale.duration(worst.high)), "
        + "from \(window.text(worst.hour)) UTC, with a median of \(PlotScale.duration(worst.median)).",
      window: window, scale: .durations(to: worst.high), height: 200)
    writer.line(trends.lags.map { ($0.hour, $0.high) }, "high")
    writer.line(trends.lags.map { ($0.hour, $0.median) }, "median")
    for lag in trends.lags {
      writer.beginPlace(
        "\(window.text(lag.hour)): median \(PlotScale.duration(lag.median)), "
          + "95th percentile \(PlotScale.duration(lag.high)) of \(lag.jobs) \(lag.jobs == 1 ? "job" : "jobs")")
      writer.dot(place: lag.hour, value: lag.high, "high")
      writer.dot(place: lag.hour, value: lag.median, "median")
      writer.endPlace()
    }
    return Plot(
      keys: [.init(letter: "median", label: "median"), .init(letter: "high", label: "95th percentile")],
      vertical: "Time until stored", drawing: writer.ended(),
      table: .init(
        corner: "Hour from (UTC)", heads: ["median", "95th percentile", "jobs"],
        rows: trends.lags.map {
          .init(
            head: window.text($0.hour),
            cells: [PlotScale.duration($0.median), PlotScale.duration($0.high), "\($0.jobs)"])
        }))
  }
}
