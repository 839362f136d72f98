/// One revision of a push.
public struct RevisionSubmission: Sendable, Hashable {
  /// The JSON object as it is sent.
  public private(set) var data: SubmissionValue

  /// A revision without values, to be filled in.
  public init() {
    data = ["author": "", "comment": "", "repository": "", "revision": ""]
  }

  /// The revision of a ready structure.
  public init(_ data: SubmissionValue) { self.data = data }

  /// `revision`: its hash, at most 50 characters; empty where it is not given.
  public var revision: String {
    get { data[text: "revision"] }
    set { data[text: "revision"] = newValue }
  }

  /// `author`: who made it.
  public var author: String {
    get { data[text: "author"] }
    set { data[text: "author"] = newValue }
  }

  /// `comment`: what its author says of it.
  public var comment: String {
    get { data[text: "comment"] }
    set { data[text: "comment"] = newValue }
  }

  /// `repository`: the name of the repository that it is in.
  public var repository: String {
    get { data[text: "repository"] }
    set { data[text: "repository"] = newValue }
  }

  /// What it lacks, and what is too long.
  public var problems: [SubmissionProblem] {
    ResultSetSubmission.problems(
      in: data, by: [PropertyRule("revision", .text(limit: 50)), PropertyRule("repository", .text(limit: nil))])
  }

  /// Checks that everything is there that the server asks for.
  ///
  /// - Throws: ``SubmissionError`` with code `invalidSubmission`, whose ``SubmissionError/problems`` are all there are.
  public func validate() throws(SubmissionError) { try problems.check() }
}
