@_spi(Tape) import JSON

/// Reads a schema's text, JSON or YAML, told apart by how it begins.
enum SchemaReader {
  /// - Throws: ``SchemaError`` with line and column.
  static func read(_ text: [UInt8], document: String?) throws -> SchemaValue {
    looksLikeJSON(text)
      ? try readJSON(text, document: document) : try readYAML(text, document: document)
  }

  // JSON's objects begin with a brace and a quotation mark, and so does no YAML that people write.
  private static func looksLikeJSON(_ text: [UInt8]) -> Bool {
    let significant = text.lazy.filter { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }.prefix(2)
    guard significant.first == 0x7B else {
      return significant.first == 0x5B
    }
    return significant.dropFirst().first.map { $0 == 0x22 || $0 == 0x7D } ?? true
  }

  private static func readJSON(_ text: [UInt8], document: String?) throws -> SchemaValue {
    do {
      return try JSONParser(numbers: .rounded).withDocument(of: text, value)
    } catch let error as JSONSyntaxError {
      throw SchemaError(
        pointer: "", document: document, line: error.line, column: error.column,
        message: error.message)
    }
  }

  private static func value(_ json: JSONValue) -> SchemaValue {
    if let elements = json.elements { return .array(elements.map(value)) }
    if let members = json.members {
      var object = SchemaObject()
      for member in members {
        // The parser has refused repeated members.
        _ = object.add(String(member.key), value(member.value))
      }
      return .object(object)
    }
    if let string = json.string { return .string(string) }
    if let boolean = json.boolean { return .boolean(boolean) }
    if json.double != nil { return .number(ExactNumber(json.tape, at: json.index)) }
    return .null
  }
}
