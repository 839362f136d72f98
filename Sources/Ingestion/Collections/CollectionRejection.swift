public import JSON

/// Why a collection that was submitted over HTTP is not taken; nothing of it is.
public enum CollectionRejection: Error, Sendable, CustomStringConvertible {
  /// The body is not JSON.
  case notJSON(JSONSyntaxError)
  /// What is wrong with the collection, property by property; at least one.
  case invalid([PropertyProblem])

  /// All of it on one line.
  public var description: String {
    switch self {
    case .notJSON(let error): "the body is not JSON: \(error)"
    case .invalid(let problems): problems.map(\.description).joined(separator: "; ")
    }
  }
}

/// What is wrong with a property of a submission.
public struct PropertyProblem: Sendable, Hashable, CustomStringConvertible {
  /// The property, for example `[3].job.job_guid`; empty for the collection itself.
  public let path: String
  /// What is wrong with it.
  public let message: String

  /// A problem of the property at `path`.
  public init(path: String, message: String) {
    self.path = path
    self.message = message
  }

  /// For example `[3].job.job_guid: is missing`.
  public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}
