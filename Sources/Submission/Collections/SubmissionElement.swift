/// One thing that is submitted: a result set, a job or an artifact.
///
/// It is a view of its ``data``: what a property does not cover, a ready structure may have all the same, and it is sent as
/// it is.
public protocol SubmissionElement: Sendable, Hashable {
  /// The last part of the path that it is posted to.
  static var endpoint: String { get }
  /// What it is called, in an error.
  static var noun: String { get }

  /// The JSON object as it is sent.
  var data: SubmissionValue { get }

  /// The element of a ready structure, which is not looked at until ``validate()``.
  init(_ data: SubmissionValue)

  /// Everything that is wrong with it: what it lacks and what is too long, by property; empty where nothing is.
  var problems: [SubmissionProblem] { get }
}

extension SubmissionElement {
  /// Checks that everything is there that the server asks for.
  ///
  /// - Throws: ``SubmissionError`` with code `invalidSubmission`, whose ``SubmissionError/problems`` are all there are.
  public func validate() throws(SubmissionError) { try problems.check() }

  /// The element as JSON, in UTF-8.
  public func toJSON() -> [UInt8] { data.toJSON() }

  static func problems(in data: SubmissionValue, by rules: [PropertyRule]) -> [SubmissionProblem] {
    guard case .object = data else {
      return [SubmissionProblem(path: "", kind: .wrongType(asked: "an object", found: data.kind))]
    }
    return rules.compactMap { $0.problem(in: data) }
  }

  /// The rule about the revision: where only the older name of it is there, the rule is about that.
  static func revisionRule(for data: SubmissionValue) -> PropertyRule {
    if data["revision"]?.isEmpty ?? true, let hash = data["revision_hash"], !hash.isEmpty {
      return PropertyRule("revision_hash", .text(limit: 50))
    }
    return PropertyRule("revision", .text(limit: 40))
  }
}

extension [SubmissionProblem] {
  func check() throws(SubmissionError) {
    guard !isEmpty else { return }
    throw SubmissionError(.invalidSubmission, map(\.description).joined(separator: "; "), problems: self)
  }
}

extension SubmissionValue {
  /// A text of the object; empty where there is none.
  subscript(text name: String) -> String {
    get { self[name]?.string ?? "" }
    set { self[name] = .string(newValue) }
  }

  /// A whole number of the object, which may stand there as text; setting nil writes what `TreeherderJob` has there at the
  /// beginning, an empty text.
  subscript(time name: String) -> Int64? {
    get { self[name]?.integer }
    set { self[name] = newValue.map { .integer($0) } ?? "" }
  }

  /// Adds an element to a list of the object.
  mutating func append(_ element: SubmissionValue, to name: String) {
    let present = self[name]?.array ?? []
    self[name] = .array(present + [element])
  }
}
