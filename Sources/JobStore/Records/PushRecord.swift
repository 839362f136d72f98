/// A push as it is told to the store.
public struct PushRecord: Sendable, Hashable {
  /// The repository's name.
  public var repository: String
  /// The whole revision.
  public var revision: String
  /// Who pushed.
  public var author: String?
  /// When it was pushed, in milliseconds since 1970-01-01 00:00:00 UTC.
  public var pushTime: Int64

  /// A push.
  public init(repository: String, revision: String, author: String? = nil, pushTime: Int64) {
    self.repository = repository
    self.revision = revision
    self.author = author
    self.pushTime = pushTime
  }
}
