import JobStore

/// How long the slowest job types take: a bar for each, over one axis.
struct DurationPlot {
  struct Bar {
    let symbol: String
    let typeName: String
    let words: String
    let drawing: String
  }

  let bars: [Bar]
  /// The axis's markup.
  let axis: String

  /// Nil where no job says when it began and ended.
  init?(_ trends: JobTrends) {
    guard let longest = trends.durations.map(\.high).max() else { return nil }
    let scale = PlotScale.durations(to: longest)
    func x(_ value: Int64) -> String {
      // Of large numbers of milliseconds no hundredfold is needed.
      PlotWriter.percent(Int((Double(value) * 10_000 / Double(scale.top)).rounded()), of: 10_000)
    }
    let grid = scale.ticks.map { "<line class=grid x1=\(x($0)) x2=\(x($0)) y1=0 y2=18 />" }.joined()
    bars = trends.durations.map { type in
      Bar(
        symbol: trends.types[type.type]?.symbol ?? "", typeName: trends.types[type.type]?.name ?? "",
        words: "median \(PlotScale.duration(type.median)), 95th percentile \(PlotScale.duration(type.high)), "
          + "\(type.jobs) \(type.jobs == 1 ? "job" : "jobs")",
        // What it shows is said beside it.
        drawing: "<svg class=plot aria-hidden=true width=\"100%\" height=18>\(grid)"
          + "<rect class=high x=0 width=\(x(type.high)) y=5 height=8 />"
          + "<rect class=median x=0 width=\(x(type.median)) y=2 height=14 /></svg>")
    }
    let labels = scale.ticks.enumerated().map { index, tick in
      let kind = index % 2 == 1 ? " minor" : ""
      return "<line class=\"tick\(kind)\" x1=\(x(tick)) x2=\(x(tick)) y1=0 y2=4 />"
        + "<text class=\"x\(kind)\" x=\(x(tick)) y=18>\(scale.label(tick))</text>"
    }
    axis = "<svg class=plot aria-hidden=true width=\"100%\" height=22>\(labels.joined())</svg>"
  }
}
