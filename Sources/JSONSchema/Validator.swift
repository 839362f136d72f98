@_spi(Tape) import JSON

/// Parses and validates documents one after another, with one parser's buffers.
///
/// It belongs to one task at a time.
public final class Validator {
  /// The schema.
  public let schema: Schema
  private let parser: JSONParser
  // The schema's own, kept here so that validators of several threads do not count references to one
  // object, which costs a third of the time.
  private let program: Program

  /// Makes a validator for a schema.
  public init(_ schema: Schema) {
    self.schema = schema
    program = schema.storage.program
    parser = JSONParser()
  }

  /// Everything that a document breaks; empty where it matches.
  ///
  /// - Parameter bytes: The document as JSON text.
  /// - Throws: `JSONSyntaxError` where the text is not strict JSON.
  public func validate(_ bytes: [UInt8]) throws -> [ValidationError] {
    try parser.withDocument(of: bytes) { errors(in: $0) }
  }

  /// Everything that a document breaks; empty where it matches.
  ///
  /// - Parameter bytes: The document as JSON text; nothing behind it is read.
  /// - Throws: `JSONSyntaxError` where the text is not strict JSON.
  public func validate(_ bytes: UnsafeRawBufferPointer) throws -> [ValidationError] {
    try parser.withDocument(of: bytes) { errors(in: $0) }
  }

  /// Everything that a document breaks; empty where it matches.
  ///
  /// - Parameter bytes: The document as JSON text, behind which `JSONParser.padding` more bytes
  ///   can be read.
  /// - Throws: `JSONSyntaxError` where the text is not strict JSON.
  public func validate(ofPadded bytes: UnsafeRawBufferPointer) throws -> [ValidationError] {
    try parser.withDocument(ofPadded: bytes) { errors(in: $0) }
  }

  /// Everything that a parsed document breaks; empty where it matches.
  public func validate(_ value: JSONValue) -> [ValidationError] { errors(in: value) }

  /// Whether a parsed document matches; allocates nothing.
  public func isValid(_ value: JSONValue) -> Bool { program.isValid(value) }

  private func errors(in value: JSONValue) -> [ValidationError] {
    program.isValid(value) ? [] : schema.validate(value)
  }
}
