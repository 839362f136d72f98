import Foundation
import JSON
import JSONSchema

/// Files of the checkout that the tests read.
enum Fixture {
  private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
  private static let root = tests.deletingLastPathComponent().deletingLastPathComponent()

  /// The contract for job messages.
  static let contract = root.appending(path: "schemas/pulse-job.yml")

  /// Sample jobs of both generations, one list or one a line in each file.
  static let samples = ["orchard.jsonl", "orchard-try.jsonl", "pasture.jsonl", "nightly.json"].map {
    root.appending(path: "scripts/samples/\($0)")
  }

  /// A file that belongs to these tests.
  static func file(_ name: String) -> URL { tests.appending(path: "Fixtures/\(name)") }
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
