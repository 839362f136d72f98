/// A field by which pushes are asked for, under the name that it has in the HTTP interface.
public enum PushField: String, Sendable, Hashable, CaseIterable {
  case id
  case author
  case revision
  case pushTime = "push_timestamp"

  /// What the field holds.
  public var kind: FieldKind {
    switch self {
    case .id: .integer
    case .author, .revision: .text
    case .pushTime: .seconds
    }
  }

  var expression: String {
    switch self {
    case .id: "push.id"
    case .author: "push.author"
    case .revision: "push.revision"
    case .pushTime: "push.push_time"
    }
  }
}

/// Which pushes are asked for.
public struct PushQuery: Sendable, Hashable {
  /// The repository's number.
  public var repository: Int64
  /// What has to hold for each of them.
  public var filters: [FieldFilter<PushField>] = []
  /// The beginning of the revision.
  public var revision: String?
  /// None older than the push of this revision, which may be shortened.
  public var fromRevision: String?
  /// None later than the push of this revision, which may be shortened.
  public var toRevision: String?
  /// Only those that come after the push of this number, in the order in which pushes are told.
  public var before: Int64?
  /// How many of them are passed over.
  public var offset: Int
  /// How many are returned, at most.
  public var count: Int
  /// How many revisions are returned of each.
  public var revisions: Int

  /// A query; of each push 200 revisions are returned at most.
  public init(repository: Int64, offset: Int = 0, count: Int = 10, revisions: Int = 200) {
    self.repository = repository
    self.offset = offset
    self.count = count
    self.revisions = revisions
  }
}

/// Pushes with their revisions.
public struct PushPage: Sendable {
  /// The columns of ``pushes``.
  public enum PushColumn: Int, Sendable {
    case id, repositoryID, author, revision
    /// In milliseconds since 1970-01-01 00:00:00 UTC.
    case pushTime
    /// Of all revisions.
    case revisionCount
  }

  /// The columns of ``revisions``.
  public enum RevisionColumn: Int, Sendable {
    case pushID, revision, author, comments
  }

  /// The pushes, the latest first.
  public let pushes: RowTable
  /// Their revisions, those of one push one after the other, in the push's order.
  public let revisions: RowTable
  private let ranges: [Int64: Range<Int>]

  init(pushes: RowTable, revisions: RowTable) {
    self.pushes = pushes
    self.revisions = revisions
    var ranges: [Int64: Range<Int>] = [:]
    for row in 0..<revisions.count {
      guard let push = revisions.integer(row, RevisionColumn.pushID) else { continue }
      ranges[push] = (ranges[push]?.lowerBound ?? row)..<(row + 1)
    }
    self.ranges = ranges
  }

  /// The rows of ``revisions`` that belong to a push.
  public func revisions(of push: Int64) -> Range<Int> { ranges[push] ?? 0..<0 }
}
