import Foundation
import JSON
import JSONSchema
import Support
import Testing

/// The compiler beside the drafts' own schemas.
@Suite("Schemas of schemas")
struct MetaschemaTests {
  private static func metaschema(_ draft: SchemaDraft) throws -> Schema {
    let number = draft == .draft4 ? "04" : "06"
    let reference = "{\"$ref\": \"http://json-schema.org/draft-\(number)/schema#\"}"
    return try Schema.compile(Array(reference.utf8), formats: .assert, draft: draft)
  }

  // Mistakes that a schema of schemas cannot see.
  private static func isBeyondMetaschema(_ error: SchemaError) -> Bool {
    ["leads to", "leads back", "no draft that is known", "exclusive"].contains {
      error.message.contains($0)
    }
  }

  @Test(
    "what the metaschema refuses is refused, and what it takes is taken",
    arguments: [SchemaDraft.draft4, .draft6])
  func agrees(draft: SchemaDraft) throws {
    let metaschema = try Self.metaschema(draft)
    var mutator = Mutator(generator: SeededGenerator(seed: 7))
    let trees = try Self.schemas.map { text in
      try JSONParser().withDocument(of: Array(text.utf8)) { Tree($0) }
    }
    var refused = 0
    for index in 0..<1500 {
      let text = Array(mutator.mutated(trees[index % trees.count]).text.utf8)
      let isRight = try JSONParser().withDocument(of: text) { metaschema.isValid($0) }
      do {
        _ = try Schema.compile(text, draft: draft)
        // Members beside a reference count for the metaschema, and for nobody else.
        let hasReference = String(decoding: text, as: UTF8.self).contains("$ref")
        #expect(isRight || hasReference, "\(String(decoding: text, as: UTF8.self))")
      } catch let error as SchemaError {
        refused += 1
        #expect(
          !isRight || Self.isBeyondMetaschema(error),
          "\(String(decoding: text, as: UTF8.self)): \(error)")
      }
    }
    #expect(refused > 400)
  }

  private static let schemas = [
    #"{"type": ["string", "null"], "minLength": 1, "maxLength": 4, "pattern": "^a", "format": "uri", "title": "x", "description": "y", "default": 1}"#,
    #"{"type": "number", "minimum": 1, "maximum": 4, "multipleOf": 0.5, "enum": [1, 2, 4]}"#,
    #"{"items": {"type": "integer"}, "minItems": 1, "maxItems": 2, "uniqueItems": true, "additionalItems": {"not": {}}}"#,
    #"{"items": [{"type": "integer"}, {}], "additionalItems": {}}"#,
    #"{"properties": {"a": {"type": "object"}}, "patternProperties": {"^b": {}}, "additionalProperties": {}, "required": ["a", "b"], "minProperties": 1, "maxProperties": 3, "dependencies": {"a": ["b"], "b": {"required": ["c"]}}}"#,
    #"{"allOf": [{"type": "string"}], "anyOf": [{}, {"minLength": 2}], "oneOf": [{}], "not": {"enum": ["x"]}, "definitions": {"x": {"type": "array"}}}"#,
  ]
}
