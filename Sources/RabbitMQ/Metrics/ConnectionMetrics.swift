import Metrics

/// What a connection counts, under `drover_amqp_…` with the connection's name as the dimension `connection`.
///
/// Counted in plain numbers and handed on once a turn of the connection's thread: no message pays for a metric.
struct ConnectionMetrics {
  var published = 0
  var confirmed = 0
  var returned = 0
  var refused = 0
  var republished = 0
  var delivered = 0
  var redelivered = 0
  var acknowledged = 0
  var rejected = 0
  var lost = 0
  var reconnected = 0

  private let counters: [Counted]
  private let outboxDepth: Level
  private let unconfirmed: Level
  private let unacknowledged: Level
  private let confirmLatency: Timer
  private let blockedSeconds: FloatingPointCounter

  private typealias Counted = (count: any WritableKeyPath<ConnectionMetrics, Int> & Sendable, counter: Counter)

  init(connection: String) {
    let dimensions = [("connection", connection)]
    func counted(_ name: String, _ count: any WritableKeyPath<ConnectionMetrics, Int> & Sendable) -> Counted {
      (count, Counter(label: "drover_amqp_\(name)_total", dimensions: dimensions))
    }
    counters = [
      counted("published", \.published), counted("confirmed", \.confirmed), counted("returned", \.returned),
      counted("refused", \.refused), counted("republished", \.republished), counted("delivered", \.delivered),
      counted("redelivered", \.redelivered), counted("acknowledged", \.acknowledged),
      counted("rejected", \.rejected), counted("connections_lost", \.lost), counted("reconnects", \.reconnected),
    ]
    outboxDepth = Level("drover_amqp_outbox_messages", dimensions)
    unconfirmed = Level("drover_amqp_unconfirmed_messages", dimensions)
    unacknowledged = Level("drover_amqp_unacknowledged_deliveries", dimensions)
    confirmLatency = Timer(label: "drover_amqp_confirm_latency", dimensions: dimensions)
    blockedSeconds = FloatingPointCounter(label: "drover_amqp_blocked_seconds_total", dimensions: dimensions)
  }

  /// The time from writing a message to its confirm; of those that one answer settles, the oldest one's.
  func record(confirmLatency latency: Duration) {
    confirmLatency.record(duration: latency)
  }

  func record(blocked duration: Duration) {
    let (seconds, attoseconds) = duration.components
    blockedSeconds.increment(by: Double(seconds) + Double(attoseconds) / 1e18)
  }

  /// Hands on what was counted since the last time.
  mutating func flush(_ channels: some Collection<ChannelState>) {
    for (count, counter) in counters where self[keyPath: count] > 0 {
      counter.increment(by: self[keyPath: count])
      self[keyPath: count] = 0
    }
    outboxDepth.set(channels.reduce(0) { $0 + $1.outbox.count })
    unconfirmed.set(channels.reduce(0) { $0 + $1.confirms.count })
    unacknowledged.set(channels.reduce(0) { $0 + $1.acks.openCount })
  }

  /// A gauge that is told of changes only.
  private final class Level {
    private let gauge: Gauge
    private var last = 0

    init(_ label: String, _ dimensions: [(String, String)]) { gauge = Gauge(label: label, dimensions: dimensions) }

    func set(_ value: Int) {
      guard value != last else { return }
      last = value
      gauge.record(value)
    }
  }
}
