@_spi(Tape) import JSON

extension Evaluator {
  /// A value in a message: short, and without what looks like a secret.
  func excerpt(at index: Int) -> String {
    switch tape.tag(at: index) {
    case JSONTag.object: return "an object"
    case JSONTag.array: return "an array"
    case JSONTag.string:
      if let name = (report as? CollectingReporter)?.memberName, Secrets.isSecret(name: name) {
        return "the value"
      }
      return Secrets.quoted(tape.string(at: index))
    default: return JSONValue(tape: tape, index: index).text()
    }
  }

  /// The type of a value in a message: "a string".
  func kindName(at index: Int) -> String {
    switch tape.tag(at: index) {
    case JSONTag.object: "an object"
    case JSONTag.array: "an array"
    case JSONTag.string: "a string"
    case JSONTag.isTrue, JSONTag.isFalse: "a boolean"
    case JSONTag.null: "null"
    case JSONTag.integer, JSONTag.unsigned, JSONTag.largeInteger: "an integer"
    default: "a number"
    }
  }

  /// "1 character", "2 characters".
  func counted(_ count: Int, _ one: String, _ many: String) -> String {
    "\(count) \(count == 1 ? one : many)"
  }

  /// "at least 1 is asked", "at least 2 are asked".
  func asked(_ limit: String, _ count: UInt32) -> String {
    "\(limit) \(count) \(count == 1 ? "is" : "are") asked"
  }
}
