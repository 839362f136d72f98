import JSONSchema
import Testing

/// A document with the errors that a schema finds in it.
struct Case: CustomTestStringConvertible, Sendable {
  let schema: String
  let document: String
  let errors: [String]

  init(_ schema: String, _ document: String, _ errors: String...) {
    (self.schema, self.document, self.errors) = (schema, document, errors)
  }

  var testDescription: String { "\(schema) \(document)" }

  func check(formats: FormatPolicy = .ignore) throws {
    let found = try messages(schema, document, formats: formats)
    #expect(found == errors)
  }
}

let draft4 = #""$schema": "http://json-schema.org/draft-04/schema#""#
