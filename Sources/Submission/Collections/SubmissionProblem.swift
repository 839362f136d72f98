/// One thing that is wrong with a submission.
public struct SubmissionProblem: Sendable, Hashable, CustomStringConvertible {
  /// The kinds of it.
  public enum Kind: Sendable, Hashable {
    /// The property is not there.
    case missing
    /// The property is there and has no value: `null`, `false`, 0, or something empty.
    case empty
    /// The property is of another type.
    case wrongType(asked: String, found: String)
    /// The property has more characters than the server keeps.
    case tooLong(length: Int, limit: Int)
  }

  /// The property, for example `job.job_guid`, in a collection `[3].job.job_guid`; empty for the whole element.
  public let path: String
  /// What is wrong with it.
  public let kind: Kind

  /// A problem of the property at `path`.
  public init(path: String, kind: Kind) {
    self.path = path
    self.kind = kind
  }

  /// The path and what is wrong, in one line.
  public var description: String {
    let message =
      switch kind {
      case .missing: "is missing"
      case .empty: "is empty"
      case .wrongType(let asked, let found): "is \(found), \(asked) is asked"
      case .tooLong(let length, let limit): "has \(length) characters, at most \(limit) are taken"
      }
    return path.isEmpty ? message : "\(path): \(message)"
  }

  /// The same for an element that is a part of something else.
  func inside(_ place: String) -> Self {
    let separator = path.isEmpty || path.hasPrefix("[") ? "" : "."
    return Self(path: place + separator + path, kind: kind)
  }
}
