import Foundation
import JSON
import JSONSchema

/// The files beside the tests.
enum Fixture {
  static func path(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/\(name)").path
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  static func schema(_ name: String, formats: FormatPolicy = .ignore) throws -> Schema {
    try Schema.compile(bytes(name), formats: formats)
  }
}

/// Compiles a schema from a literal and validates a document from another one.
func errors(
  _ schema: String, _ document: String, formats: FormatPolicy = .ignore
) throws -> [ValidationError] {
  let compiled = try Schema.compile(Array(schema.utf8), formats: formats)
  let validator = Validator(compiled)
  return try validator.validate(Array(document.utf8))
}

/// The messages of the errors, with their places.
func messages(
  _ schema: String, _ document: String, formats: FormatPolicy = .ignore
) throws -> [String] {
  try errors(schema, document, formats: formats).map(\.description)
}
