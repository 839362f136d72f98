import Synchronization

/// Holds clients to a number of requests a minute: each has a bucket of so many tokens, which fills up again evenly.
///
/// There are as many buckets as clients that have signed something rightly.
final class RateLimiter: Sendable {
  private struct Bucket {
    var tokens: Double
    var time: ContinuousClock.Instant
  }

  private let perMinute: Int
  private let buckets = Mutex<[String: Bucket]>([:])

  /// A limiter.
  ///
  /// - Parameter perMinute: 0 for no limit.
  init(perMinute: Int) { self.perMinute = perMinute }

  /// Takes a token of a client's.
  ///
  /// - Returns: nil where there was one, else after how many seconds there is one, at least 1.
  func take(for client: String, now: ContinuousClock.Instant = .now) -> Int? {
    guard perMinute > 0 else { return nil }
    let (capacity, rate) = (Double(perMinute), Double(perMinute) / 60)
    return buckets.withLock { buckets in
      var bucket = buckets[client] ?? Bucket(tokens: capacity, time: now)
      // Two requests may bring their times in the other order.
      let passed = max(.zero, now - bucket.time)
      bucket.tokens = min(capacity, bucket.tokens + passed / .seconds(1) * rate)
      bucket.time = max(bucket.time, now)
      defer { buckets[client] = bucket }
      guard bucket.tokens >= 1 else { return max(1, Int(((1 - bucket.tokens) / rate).rounded(.up))) }
      bucket.tokens -= 1
      return nil
    }
  }
}
