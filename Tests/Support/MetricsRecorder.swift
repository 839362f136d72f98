public import CoreMetrics
import Synchronization

/// Keeps what is counted and measured in this process, for tests to look at.
///
/// There is one, because a process has one system of metrics; tests tell theirs apart by their dimensions.
public final class MetricsRecorder: MetricsFactory {
  /// The recorder of the process; the first look at it installs it, which has to come before what is measured is made.
  public static let shared: MetricsRecorder = {
    let recorder = MetricsRecorder()
    MetricsSystem.bootstrap(recorder)
    return recorder
  }()

  private struct Key: Hashable {
    let label: String
    let dimensions: [String: String]
  }

  private let series = Mutex<[Key: Series]>([:])

  /// What was recorded under a label with these dimensions, in order: the steps of a counter, a gauge's or a timer's values.
  public func values(_ label: String, _ dimensions: [String: String]) -> [Double] {
    let series = series.withLock { $0[Key(label: label, dimensions: dimensions)] }
    return series?.values.withLock { $0 } ?? []
  }

  /// A counter's sum.
  public func total(_ label: String, _ dimensions: [String: String]) -> Double {
    values(label, dimensions).reduce(0, +)
  }

  private func series(_ label: String, _ dimensions: [(String, String)]) -> Series {
    let key = Key(label: label, dimensions: Dictionary(dimensions) { $1 })
    return series.withLock { all in
      let found = all[key] ?? Series()
      all[key] = found
      return found
    }
  }

  /// One metric's values.
  private final class Series: CounterHandler, FloatingPointCounterHandler, RecorderHandler, TimerHandler {
    let values = Mutex<[Double]>([])

    private func append(_ value: Double) { values.withLock { $0.append(value) } }
    func increment(by amount: Int64) { append(Double(amount)) }
    func increment(by amount: Double) { append(amount) }
    func reset() { values.withLock { $0 = [] } }
    func record(_ value: Int64) { append(Double(value)) }
    func record(_ value: Double) { append(value) }
    func recordNanoseconds(_ duration: Int64) { append(Double(duration)) }
  }

  /// A counter, kept by label and dimensions.
  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    series(label, dimensions)
  }
  /// A counter of fractions, kept likewise.
  public func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler { series(label, dimensions) }
  /// A gauge, kept likewise.
  public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    series(label, dimensions)
  }
  /// A timer in nanoseconds, kept likewise.
  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { series(label, dimensions) }
  /// Nothing: what was recorded stays.
  public func destroyCounter(_ handler: any CounterHandler) {}
  /// Nothing: what was recorded stays.
  public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
  /// Nothing: what was recorded stays.
  public func destroyRecorder(_ handler: any RecorderHandler) {}
  /// Nothing: what was recorded stays.
  public func destroyTimer(_ handler: any TimerHandler) {}
}
