/// When a request that failed is sent again: a value that is told of failures and says how long to wait.
struct RetryPlan {
  private let configuration: SubmissionConfiguration
  /// How often it was sent.
  private(set) var attempts = 0

  init(_ configuration: SubmissionConfiguration) { self.configuration = configuration }

  mutating func begin() { attempts += 1 }

  /// The pause before the next attempt; nil where there is to be none.
  ///
  /// - Parameters:
  ///   - error: how the last one failed.
  ///   - retryAfter: what the server asks for, if anything.
  ///   - chance: a number from 0 to 1.
  func pause(after error: SubmissionError, retryAfter: Duration?, chance: Double) -> Duration? {
    guard error.isRetriable, attempts < max(1, configuration.attempts) else { return nil }
    if let retryAfter, retryAfter > configuration.longestRetryAfter { return nil }
    var pause = configuration.firstPause
    for _ in 1..<max(attempts, 1) where pause < configuration.longestPause { pause *= 2 }
    pause = min(pause, configuration.longestPause) * (1 - chance / 2)
    return max(pause, retryAfter ?? .zero)
  }
}
