public import JSONSchema

/// Why a message was not taken for a job.
public struct JobRejection: Error, Sendable, CustomStringConvertible {
  /// Everything that is wrong, at least one error. Text that is no JSON gives one with the keyword `json` at the root.
  public let errors: [ValidationError]
  /// The line in which the text stops being JSON, from 1; nil where it is JSON.
  public let line: Int?

  init(_ errors: [ValidationError], line: Int? = nil) {
    self.errors = errors
    self.line = line
  }

  /// What has to be mended, a line each.
  public var reasons: [String] {
    errors.causes.map { $0.description.split(whereSeparator: \.isNewline).joined(separator: " ") }
  }

  /// What has to be mended, on one line.
  public var description: String { reasons.joined(separator: "; ") }
}
