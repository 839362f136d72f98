public import CoreMetrics
import Synchronization

/// Keeps what the process measures, for Prometheus to ask for: a backend of swift-metrics.
///
/// Counters, meters, gauges and recorders become one sample each, or `_sum` and `_count` of what was recorded; timers
/// are told in seconds. What is measured under one name and set of labels is one series, however often it is made.
public final class MetricsRegistry: MetricsFactory {
  private struct Key: Hashable {
    let label: String
    let dimensions: [String]

    init(_ label: String, _ dimensions: [(String, String)]) {
      self.label = label
      self.dimensions = dimensions.flatMap { [$0.0, $0.1] }
    }
  }

  // One for each name and set of labels, of which a program has as many as it has written down.
  private let series = Mutex<[Key: Series]>([:])

  /// A registry without anything measured.
  public init() {}

  private func series(_ label: String, _ dimensions: [(String, String)], _ kind: Series.Kind) -> Series {
    series.withLock { all in
      let key = Key(label, dimensions)
      if let series = all[key] { return series }
      let made = Series(label, dimensions, kind)
      all[key] = made
      return made
    }
  }

  // MARK: What swift-metrics asks for

  /// A counter.
  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    series(label, dimensions, .counter)
  }

  /// A counter of fractions.
  public func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler {
    series(label, dimensions, .counter)
  }

  /// A meter.
  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    series(label, dimensions, .gauge)
  }

  /// A recorder, or a gauge where it does not aggregate.
  public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    series(label, dimensions, aggregate ? .summary : .gauge)
  }

  /// A timer.
  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    series(label, dimensions, .timer)
  }

  /// Does nothing: a series goes on where it was when it is made again.
  public func destroyCounter(_ handler: any CounterHandler) {}
  /// Does nothing, see ``destroyCounter(_:)``.
  public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
  /// Does nothing, see ``destroyCounter(_:)``.
  public func destroyMeter(_ handler: any MeterHandler) {}
  /// Does nothing, see ``destroyCounter(_:)``.
  public func destroyRecorder(_ handler: any RecorderHandler) {}
  /// Does nothing, see ``destroyCounter(_:)``.
  public func destroyTimer(_ handler: any TimerHandler) {}

  // MARK: What Prometheus asks for

  /// Everything that was measured, in Prometheus's text format 0.0.4, by name.
  public var text: String {
    let all = series.withLock { Array($0.values) }.sorted { ($0.name, $0.labels) < ($1.name, $1.labels) }
    var text = ""
    var last = ""
    for series in all {
      if series.name != last {
        text += "# TYPE \(series.name) \(series.kind.prometheus)\n"
        last = series.name
      }
      text += series.samples
    }
    return text
  }
}
