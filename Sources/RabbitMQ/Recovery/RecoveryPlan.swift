/// When to try again, and where, as a value: what happened goes in, what to do comes out.
struct RecoveryPlan {
  enum Step: Equatable {
    /// Wait so long, then try the endpoint with this index.
    case attempt(after: Duration, endpoint: Int)
    case giveUp
  }

  let policy: RecoveryPolicy
  /// How many endpoints there are.
  let endpointCount: Int
  /// The endpoint that is or was connected to.
  private(set) var endpoint: Int
  /// Attempts since the connection was last in order.
  private(set) var attempts = 0
  private var doublings = 0
  private var lastDelay = Duration.zero
  private var refusals = 0
  private var openedAt: ContinuousClock.Instant?

  init(_ policy: RecoveryPolicy, endpointCount: Int, endpoint: Int) {
    self.policy = policy
    self.endpointCount = endpointCount
    self.endpoint = endpoint
  }

  /// The connection is in order.
  mutating func recovered(at now: ContinuousClock.Instant) {
    openedAt = now
    attempts = 0
    refusals = 0
  }

  /// The broker confirmed or delivered something: whatever ends the connection later, it did work.
  mutating func worked() { doublings = 0 }

  /// The connection was lost: the endpoint that it led to is tried first.
  mutating func lost(at now: ContinuousClock.Instant, using generator: inout some RandomNumberGenerator) -> Step {
    // One that broke sooner than it took to come about is no success: a broker that takes connections and drops them
    // must not be asked four times a second.
    if let openedAt, now - openedAt >= max(lastDelay, policy.initialDelay) { doublings = 0 }
    openedAt = nil
    return next(using: &generator)
  }

  /// An attempt failed; the next one goes to the next endpoint.
  mutating func failed(
    _ error: any Error, using generator: inout some RandomNumberGenerator
  ) -> Step {
    if let error = error as? RabbitMQError, error.isRefusal {
      refusals += 1
      if refusals >= policy.refusalLimit { return .giveUp }
    } else {
      refusals = 0
    }
    endpoint = (endpoint + 1) % max(endpointCount, 1)
    return next(using: &generator)
  }

  /// Up to half of a wait is left to chance: clients that lost their broker together must not come back together.
  private mutating func next(using generator: inout some RandomNumberGenerator) -> Step {
    attempts += 1
    var delay = policy.initialDelay
    for _ in 0..<doublings where delay < policy.maximumDelay { delay = delay * 2 }
    doublings = min(doublings + 1, 62)
    lastDelay = min(delay, policy.maximumDelay) * Double.random(in: 0.5...1, using: &generator)
    return .attempt(after: lastDelay, endpoint: endpoint)
  }
}

extension RabbitMQError {
  /// Whether the broker was reached and does not want this client.
  var isRefusal: Bool {
    switch code {
    case .authenticationRefused, .accessRefused, .notFound, .certificateRefused, .clientCertificateRefused: true
    default: false
    }
  }
}
