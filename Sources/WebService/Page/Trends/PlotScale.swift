/// The values at an axis: from 0 in round steps, with what they are called.
struct PlotScale: Sendable {
  /// The last one is the axis's end.
  let ticks: [Int64]
  private let name: @Sendable (Int64) -> String

  /// The axis's end; never 0.
  var top: Int64 { ticks.last ?? 1 }

  /// What is written at a value.
  func label(_ value: Int64) -> String { name(value) }

  private init(_ maximum: Int64, steps: [Int64], name: @escaping @Sendable (Int64) -> String) {
    let step = steps.first { maximum / $0 < 5 } ?? max(maximum, 1)
    ticks = (0...max(1, maximum / step + (maximum % step == 0 ? 0 : 1))).map { $0 * step }
    self.name = name
  }

  /// Of numbers of things.
  static func counts(to maximum: Int64) -> PlotScale {
    var steps: [Int64] = []
    for power in sequence(first: Int64(1), next: { $0 * 10 }).prefix(12) { steps += [power, 2 * power, 5 * power] }
    return PlotScale(maximum, steps: steps) { "\($0)" }
  }

  /// Of shares in percent.
  static let percent = PlotScale(100, steps: [50]) { "\($0) %" }

  /// Of times in milliseconds.
  static func durations(to maximum: Int64) -> PlotScale {
    let (second, minute, hour, day) = (Int64(1000), Int64(60_000), Int64(3_600_000), Int64(86_400_000))
    var steps = [100, 200, 500, second, 2 * second, 5 * second, 10 * second, 15 * second, 30 * second]
    steps += [minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute]
    steps += [hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour]
    for power in sequence(first: day, next: { $0 * 10 }).prefix(8) { steps += [power, 2 * power, 5 * power] }
    return PlotScale(maximum, steps: steps, name: Self.duration)
  }

  /// How long something took: with a decimal where it is below ten seconds.
  static func duration(_ milliseconds: Int64) -> String {
    guard milliseconds < 10_000, milliseconds % 1000 != 0 else {
      return PageTime.duration(from: 0, to: milliseconds) ?? "\(milliseconds) ms"
    }
    return milliseconds < 100 ? "\(milliseconds) ms" : "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
  }
}
