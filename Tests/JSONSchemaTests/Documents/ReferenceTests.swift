import JSON
import JSONSchema
import Testing

@Suite("References")
struct ReferenceTests {
  @Test("they lead to other documents by their addresses")
  func documents() throws {
    let schema = #"{"$id": "http://example.com/a/main.json", "items": {"$ref": "parts.yml#/definitions/x"}}"#
    let parts =
      "$id: http://example.com/a/parts.yml\ndefinitions:\n  x: {$ref: '#named'}\n  y: {$id: '#named', type: boolean}\n"
    let compiled = try Schema.compile(
      Array(schema.utf8), documents: ["http://example.com/a/parts.yml": Array(parts.utf8)])
    let validator = Validator(compiled)
    #expect(try validator.validate(Array("[true]".utf8)).isEmpty)
    #expect(try validator.validate(Array("[1]".utf8)).map(\.schemaPath) == ["/items/$ref/$ref/type"])
  }

  @Test("an error in another document names it")
  func wrongDocument() {
    let error = #expect(throws: SchemaError.self) {
      try Schema.compile(
        Array(#"{"$ref": "http://example.com/b"}"#.utf8),
        documents: ["http://example.com/b": Array(#"{"type": 1}"#.utf8)])
    }
    #expect(error?.description.hasPrefix("http://example.com/b#/type: ") == true)
  }

  @Test("a draft of its own counts for each document")
  func drafts() throws {
    let other = "{\(draft4), \"type\": \"integer\"}"
    let compiled = try Schema.compile(
      Array(#"{"items": [{"type": "integer"}, {"$ref": "http://example.com/b"}]}"#.utf8),
      documents: ["http://example.com/b": Array(other.utf8)])
    let errors = try Validator(compiled).validate(Array("[1.0, 1.0]".utf8))
    #expect(errors.map(\.instancePath) == ["/1"])
  }
}
