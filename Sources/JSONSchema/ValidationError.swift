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
  ///
  /// Control characters, which a document's names may hold, are written as JSON escapes them.
  public var description: String {
    "\(instancePath.isEmpty ? "/" : instancePath.printable): \(message) (\(keyword))"
  }
}

extension String {
  /// The text with its control characters escaped, so that it can be shown on a terminal and stored anywhere.
  fileprivate var printable: String {
    guard unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return self }
    return unicodeScalars.map { scalar in
      guard scalar.properties.generalCategory == .control else { return String(scalar) }
      let digits = String(scalar.value, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
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
