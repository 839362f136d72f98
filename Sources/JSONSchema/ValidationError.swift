/// One rule of a schema that a document breaks.
public struct ValidationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The place in the document as a JSON pointer, "" for its root.
  public let instancePath: String
  /// The way through the schema to the rule as a JSON pointer, with `$ref` where one was followed
  /// and the keyword at its end.
  public let schemaPath: String
  /// The keyword that is broken; "false" where the schema there allows nothing.
  public let keyword: String
  /// What was found and what was asked, with long values shortened.
  public let message: String

  /// Makes an error.
  public init(instancePath: String, schemaPath: String, keyword: String, message: String) {
    self.instancePath = instancePath
    self.schemaPath = schemaPath
    self.keyword = keyword
    self.message = message
  }

  /// For example
  /// `/origin/revision: "9c6e4c3" has 7 characters, at least 40 are asked (minLength)`.
  public var description: String {
    "\(instancePath.isEmpty ? "/" : instancePath): \(message) (\(keyword))"
  }
}

extension Sequence<ValidationError> {
  /// The errors without those that only say that no branch of an `anyOf` or `oneOf` matched, where what is wrong in the
  /// closest branch is there too: what a person has to mend.
  public var causes: [ValidationError] {
    let paths = map(\.schemaPath)
    return filter { error in
      guard error.keyword == "anyOf" || error.keyword == "oneOf" else { return true }
      return !paths.contains { $0.hasPrefix(error.schemaPath + "/") }
    }
  }
}
