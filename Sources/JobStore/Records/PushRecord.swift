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
  /// Another name of the push, which older producers' jobs call it by.
  public var revisionHash: String?
  /// What was pushed, in the producer's order; empty where it does not say.
  public var revisions: [Revision]

  /// A changeset of a push.
  public struct Revision: Sendable, Hashable {
    /// The changeset's name.
    public var revision: String
    /// Who made it.
    public var author: String?
    /// What it is for, in its author's words.
    public var comment: String?

    /// A changeset.
    public init(revision: String, author: String? = nil, comment: String? = nil) {
      self.revision = revision
      self.author = author
      self.comment = comment
    }
  }

  /// A push.
  public init(
    repository: String, revision: String, author: String? = nil, pushTime: Int64, revisionHash: String? = nil,
    revisions: [Revision] = []
  ) {
    self.repository = repository
    self.revision = revision
    self.author = author
    self.pushTime = pushTime
    self.revisionHash = revisionHash
    self.revisions = revisions
  }
}
