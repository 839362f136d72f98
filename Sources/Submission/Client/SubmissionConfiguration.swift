import Foundation

/// How patient a ``SubmissionClient`` is.
public struct SubmissionConfiguration: Sendable {
  /// How often a request is sent at most, the first time included; at least 1.
  ///
  /// Five, with the pauses below, last through the restart of a server, which takes some seconds.
  public var attempts = 5
  /// The pause before the second attempt; every further one is twice as long. Each is shortened by up to a half by
  /// chance, so that many clients do not come back at once.
  public var firstPause = Duration.milliseconds(500)
  /// No pause is longer, unless the server asks for it.
  public var longestPause = Duration.seconds(30)
  /// A server that asks for a longer pause (`Retry-After`) is not waited for.
  public var longestRetryAfter = Duration.seconds(300)
  /// How long a connection may take, TLS included.
  public var connectTimeout = Duration.seconds(10)
  /// How long a request may take from the connection to the end of the answer; the Python client waits as long for every
  /// piece of it (30 s), and large chunks take a server longer.
  public var requestTimeout = Duration.seconds(60)
  /// An answer with more bytes is not read.
  public var maximumAnswerSize = 16 << 20
  /// Whether a success has to be signed (`Server-Authorization`) where the requests are signed with Hawk. Without it,
  /// only a signature that is there and wrong is an error.
  public var requiresSignedAnswers = true
  /// The value of `User-Agent`.
  public var userAgent = "drover-submission/0.1.0"

  /// What time it is.
  var now: @Sendable () -> Date = { .now }
  /// Waits; tests record it in place of waiting.
  var pause: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

  /// The defaults.
  public init() {}
}
