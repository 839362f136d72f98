/// When to send a heartbeat, and when to give the peer up.
struct HeartbeatClock {
  let interval: Duration
  private(set) var lastSent: ContinuousClock.Instant
  private(set) var lastReceived: ContinuousClock.Instant

  /// - Parameter seconds: the interval agreed on; nil is returned for 0, no heartbeats.
  init?(seconds: UInt16, now: ContinuousClock.Instant) {
    guard seconds > 0 else { return nil }
    interval = .seconds(Int(seconds))
    lastSent = now
    lastReceived = now
  }

  mutating func sent(at now: ContinuousClock.Instant) { lastSent = now }
  mutating func received(at now: ContinuousClock.Instant) { lastReceived = now }

  /// A heartbeat is sent after half an interval without anything else, so that one lost to scheduling does no harm.
  func mustSend(at now: ContinuousClock.Instant) -> Bool { now >= lastSent + interval / 2 }

  /// RabbitMQ's own rule: two intervals of silence are the end.
  func isPeerSilent(at now: ContinuousClock.Instant) -> Bool { now >= lastReceived + interval * 2 }

  /// When a peer that says nothing from now on is given up.
  var silenceDeadline: ContinuousClock.Instant { lastReceived + interval * 2 }

  /// When to look again.
  var nextDeadline: ContinuousClock.Instant { min(lastSent + interval / 2, silenceDeadline) }
}
