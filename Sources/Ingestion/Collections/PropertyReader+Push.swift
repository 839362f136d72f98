import JSON
import JobStore

extension PropertyReader {
  /// The longest name of a push; older names are longer than a revision.
  private static let revisionLength = 40
  /// The longest name of a changeset, and of a push by older producers.
  private static let oldRevisionLength = 50

  /// A push with its revisions.
  mutating func push(_ value: JSONValue, for repository: String, now: Int64) -> PushRecord? {
    let (name, hash) = pushNames(of: value)
    let author = text("author", of: value, limit: 150, isRequired: true)
    let time = time("push_timestamp", of: value)
    let revisions = list("revisions", of: value, isRequired: true) { $0.revision($1) }
    // An older producer tells no revision of the push itself, and its newest revision last.
    guard let revision = name ?? revisions.last?.revision, name != nil || hash != nil else { return nil }
    return PushRecord(
      repository: repository, revision: revision, author: author, pushTime: time ?? now, revisionHash: hash,
      revisions: revisions)
  }

  /// What a push is called: `revision`, or `revision_hash` of older producers, or both.
  private mutating func pushNames(of value: JSONValue) -> (revision: String?, hash: String?) {
    let hash = text("revision_hash", of: value, limit: Self.oldRevisionLength)
    let isNeeded = value["revision_hash"].map(\.isNothing) ?? true
    return (text("revision", of: value, limit: Self.revisionLength, isRequired: isNeeded), hash)
  }

  /// The push that something belongs to.
  mutating func pushName(of value: JSONValue) -> String? {
    let (revision, hash) = pushNames(of: value)
    return revision ?? hash
  }

  private mutating func revision(_ value: JSONValue) -> PushRecord.Revision? {
    let revision = text("revision", of: value, limit: Self.oldRevisionLength, isRequired: true)
    _ = member("repository", of: value, isRequired: true)
    let author = text("author", of: value)
    let comment = text("comment", of: value) ?? text("comments", of: value)
    return revision.map { PushRecord.Revision(revision: $0, author: author, comment: comment) }
  }
}
