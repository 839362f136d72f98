import CoreMetrics
import Synchronization

/// What is measured under one name and set of labels.
final class Series: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
  enum Kind {
    case counter, gauge, summary
    /// A summary of nanoseconds, told in seconds.
    case timer

    /// The type's name in Prometheus.
    var prometheus: String {
      switch self {
      case .counter: "counter"
      case .gauge: "gauge"
      case .summary, .timer: "summary"
      }
    }
  }

  private struct State {
    /// The value, or the sum of what was recorded.
    var value = 0.0
    var count = 0
  }

  let kind: Kind
  /// As Prometheus takes it: letters, digits, underscores.
  let name: String
  /// In braces; empty where there are none.
  let labels: String
  private let state = Mutex(State())

  init(_ label: String, _ dimensions: [(String, String)], _ kind: Kind) {
    self.kind = kind
    let suffix = kind == .counter ? "_total" : kind == .timer ? "_seconds" : ""
    let name = Self.plain(label)
    self.name = name.hasSuffix(suffix) ? name : name + suffix
    let pairs = dimensions.map { "\(Self.plain($0.0))=\"\(Self.escaped($0.1))\"" }
    labels = pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}"
  }

  private static func plain(_ name: String) -> String {
    var text = String(
      name.unicodeScalars.map { scalar in
        let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        return isPlain ? Character(scalar) : "_"
      })
    if text.first?.isNumber != false { text = "_" + text }
    return text
  }

  private static func escaped(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }

  private func add(_ amount: Double) { state.withLock { $0.value += amount } }

  func increment(by amount: Int64) { add(Double(amount)) }
  func decrement(by amount: Double) { add(-amount) }
  func reset() { state.withLock { $0 = State() } }
  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { state.withLock { $0.value = value } }
  func increment(by amount: Double) { add(amount) }
  func record(_ value: Int64) { record(Double(value)) }
  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

  func record(_ value: Double) {
    state.withLock { state in
      state.value = kind == .gauge ? value : state.value + value
      state.count += 1
    }
  }

  /// The lines of Prometheus's text.
  var samples: String {
    let (value, count) = state.withLock { ($0.value, $0.count) }
    switch kind {
    case .counter, .gauge: return "\(name)\(labels) \(Self.number(value))\n"
    case .summary, .timer: return "\(name)_sum\(labels) \(Self.number(value))\n\(name)_count\(labels) \(count)\n"
    }
  }

  private static func number(_ value: Double) -> String { Int64(exactly: value).map { "\($0)" } ?? "\(value)" }
}
