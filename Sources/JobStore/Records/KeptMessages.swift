/// A message that could not become a job.
public struct RejectedMessage: Sendable, Hashable {
  /// What the store knows it by.
  public let id: Int64
  /// The exchange that it was published to.
  public let exchange: String
  /// The key that it was published under.
  public let routingKey: String
  /// When it arrived, in milliseconds since 1970-01-01 00:00:00 UTC.
  public let receivedTime: Int64
  /// What is wrong with it, a line for each error.
  public let reasons: String
  /// The message as it came; empty where it was not asked for.
  public let body: [UInt8]
  /// How long the message is, in bytes.
  public let size: Int

  /// What is wrong with it, error by error.
  public var errors: [String] { reasons.split(separator: "\n").map(String.init) }
}

/// Jobs that wait for one push.
public struct WaitingPush: Sendable, Hashable {
  /// The repository's name.
  public let repository: String
  /// The push's revision, or the beginning of one.
  public let revision: String
  /// How many jobs wait for it.
  public let jobs: Int
  /// How many messages of those jobs wait for it.
  public let messages: Int
  /// When the first of them arrived, in milliseconds since 1970-01-01 00:00:00 UTC.
  public let since: Int64
}

/// A repository.
public struct RepositoryRecord: Sendable, Hashable {
  /// The repository's name.
  public let name: String
  /// Whether its jobs are stored; those of one that is not are skipped.
  public let isActive: Bool
}
