/// What is wrong in a schema, and where.
public struct SchemaError: Error, Sendable, CustomStringConvertible {
  /// The place as a JSON pointer inside the document, "" for its root.
  public let pointer: String
  /// The address of the document when it is not the one that was compiled.
  public let document: String?
  /// The line of the mistake, from 1, for text that does not parse.
  public let line: Int?
  /// The column of the mistake, from 1, for text that does not parse.
  public let column: Int?
  /// What is wrong there.
  public let message: String

  init(
    pointer: String, document: String? = nil, line: Int? = nil, column: Int? = nil,
    message: String
  ) {
    self.pointer = pointer
    self.document = document
    self.line = line
    self.column = column
    self.message = message
  }

  /// For example `/properties/tier/minimum: a number is asked, "1" is a string`.
  public var description: String {
    var place = document.map { $0 + "#" } ?? ""
    if let line {
      place += "line \(line)" + (column.map { ", column \($0)" } ?? "")
    } else {
      place += pointer.isEmpty ? "/" : pointer
    }
    return "\(place): \(message)"
  }
}
