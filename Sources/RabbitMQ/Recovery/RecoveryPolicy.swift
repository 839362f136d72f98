/// How a connection that was lost is sought again.
public struct RecoveryPolicy: Sendable, Hashable {
  /// The wait before the first attempt; each further one waits twice as long.
  public var initialDelay: Duration
  /// The longest wait.
  public var maximumDelay: Duration
  /// How many logins in a row may be refused before the connection is given up: whoever changed the password meant it,
  /// but a broker that starts may refuse at first.
  public var refusalLimit: Int

  /// A policy; the defaults begin with a quarter of a second and go up to 30.
  public init(
    initialDelay: Duration = .milliseconds(250), maximumDelay: Duration = .seconds(30), refusalLimit: Int = 5
  ) {
    self.initialDelay = initialDelay
    self.maximumDelay = maximumDelay
    self.refusalLimit = refusalLimit
  }
}
