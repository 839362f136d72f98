/// A push with its revisions.
public struct ResultSetSubmission: SubmissionElement {
  /// `resultset`.
  public static let endpoint = "resultset"
  /// `result set`.
  public static let noun = "result set"

  /// The JSON object as it is sent.
  public private(set) var data: SubmissionValue

  /// A result set without values, to be filled in.
  public init() {
    data = ["push_timestamp": nil, "revision": "", "author": "", "revisions": [], "type": ""]
  }

  /// The result set of a ready structure.
  public init(_ data: SubmissionValue) { self.data = data }

  /// `revision`: the top revision, at most 40 characters; empty where it is not given.
  public var revision: String {
    get { data[text: "revision"] }
    set { data[text: "revision"] = newValue }
  }

  /// `revision_hash`: what older clients send in place of ``revision``, at most 50 characters.
  public var revisionHash: String {
    get { data[text: "revision_hash"] }
    set { data[text: "revision_hash"] = newValue }
  }

  /// `author`: who pushed, at most 150 characters.
  public var author: String {
    get { data[text: "author"] }
    set { data[text: "author"] = newValue }
  }

  /// `push_timestamp`: seconds since 1970-01-01 00:00:00 UTC; nil where it is not given.
  public var pushTimestamp: Int64? {
    get { data["push_timestamp"]?.integer }
    set { data["push_timestamp"] = newValue.map { .integer($0) } ?? .null }
  }

  /// `type`: the version control system, for example `hg` or `git`.
  public var type: String {
    get { data[text: "type"] }
    set { data[text: "type"] = newValue }
  }

  /// `revisions`, the newest last.
  public var revisions: [RevisionSubmission] {
    get { (data["revisions"]?.array ?? []).map { RevisionSubmission($0) } }
    set { data["revisions"] = .array(newValue.map(\.data)) }
  }

  /// Adds a revision at the end of ``revisions``.
  public mutating func add(_ revision: RevisionSubmission) { data.append(revision.data, to: "revisions") }

  /// Sets `artifact`, which older clients send along.
  public mutating func setArtifact(name: String, type: String, blob: SubmissionValue) {
    data["artifact"] = ["name": .string(name), "type": .string(type), "blob": blob]
  }

  /// What it and its revisions lack, and what is too long.
  public var problems: [SubmissionProblem] {
    let own = Self.problems(
      in: data,
      by: [
        Self.revisionRule(for: data), PropertyRule("revisions", .list), PropertyRule("author", .text(limit: 150)),
      ])
    return own
      + revisions.enumerated().flatMap { index, revision in
        revision.problems.map { $0.inside("revisions[\(index)]") }
      }
  }
}
