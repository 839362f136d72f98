import JSONSchema
import Testing

@Suite("Schemas that are wrong")
struct SchemaErrorTests {
  static let wrong: [(String, String)] = [
    (#"{"minLength": -1}"#, #"/minLength: "minLength" must be an integer of at least 0, and is -1"#),
    (
      #"{"properties": {"tier": {"minimum": "1"}}}"#,
      #"/properties/tier/minimum: "minimum" must be a number, and is a string"#
    ),
    (#"{"type": "text"}"#, #"/type: there is no type "text""#),
    (#"{"type": []}"#, #"/type: "type" must have at least one element"#),
    (#"{"required": ["a", "a"]}"#, #"/required: "required" names "a" twice"#),
    (#"{"pattern": "(a"}"#, #"/pattern: "(a" is no regular expression: a "(" is never closed"#),
    (
      #"{"patternProperties": {"a/[": {}}}"#,
      #"/patternProperties/a~1[: "a/[" is no regular expression: a "[" is never closed"#
    ),
    (
      #"{"definitions": {"x": {"items": 5}}}"#,
      "/definitions/x/items: a schema is asked, which is an object or a boolean"
    ),
    (#"{"multipleOf": 0}"#, #"/multipleOf: "multipleOf" must be above 0, and is 0"#),
    (#"{"anyOf": []}"#, #"/anyOf: "anyOf" must be an array with at least one schema"#),
    (##"{"$ref": "#/definitions/x"}"##, ##"/$ref: "#/definitions/x" leads to nothing"##),
    (#"{"$ref": "http://example.com/x"}"#, #"/$ref: "http://example.com/x" leads to no document that is known"#),
    (##"{"$ref": "#x"}"##, ##"/$ref: "#x" leads to no schema of that name"##),
    (#"{"$ref": 5}"#, #"/$ref: "$ref" must be a string"#),
    (##"{"$ref": "#"}"##, "/: this schema leads back to itself without an end"),
    (
      ##"{"anyOf": [{"$ref": "#/definitions/a"}], "definitions": {"a": {"not": {"$ref": "#"}}}}"##,
      "/definitions/a/not: this schema leads back to itself without an end"
    ),
    (
      ##"{"$schema": "http://json-schema.org/draft-07/schema#"}"##,
      ##"/$schema: "http://json-schema.org/draft-07/schema#" is no draft that is known: draft-04 and draft-06 are"##
    ),
    (#"{"title": 5}"#, #"/title: "title" must be a string, and is a number"#),
    ("{\"a\": 1,\n\"a\": 2}", "line 2, column 1: the member \"a\" occurs twice in this object"),
    ("[]", "/: a schema is asked, which is an object or a boolean"),
  ]

  @Test("an error names the place and what is wrong there", arguments: wrong)
  func place(schema: String, description: String) {
    let error = #expect(throws: SchemaError.self) { try Schema.compile(Array(schema.utf8)) }
    #expect(error?.description == description)
  }

  @Test(
    "draft-04 asks for more",
    arguments: [
      (#""exclusiveMinimum": true"#, #"/exclusiveMinimum: "exclusiveMinimum" asks for "minimum" beside it"#),
      (#""required": []"#, #"/required: "required" must have at least one element"#),
      (#""enum": []"#, #"/enum: "enum" must have at least one value"#),
      (#""enum": [1, "x", 1.0]"#, #"/enum: "enum" has the same value at 0 and 2"#),
      (#""items": true"#, "/items: a schema is asked, which is an object"),
      (#""maxItems": 1.0"#, #"/maxItems: "maxItems" must be an integer of at least 0, and is 1.0"#),
    ])
  func draft04(member: String, description: String) {
    let schema = "{\(draft4), \(member)}"
    let error = #expect(throws: SchemaError.self) { try Schema.compile(Array(schema.utf8)) }
    #expect(error?.description == description)
  }

  @Test("schemas may refer to themselves as long as each step goes deeper")
  func recursion() throws {
    let schema = ##"{"type": "array", "items": {"$ref": "#"}}"##
    let deep = String(repeating: "[", count: 255) + "1" + String(repeating: "]", count: 255)
    let found = try errors(schema, deep)
    #expect(found.map(\.keyword) == ["type"])
    #expect(found.first?.instancePath == String(repeating: "/0", count: 255))
  }

  static let deep: [String] = [
    String(repeating: #"{"not":"#, count: 255) + "true" + String(repeating: "}", count: 255),
    chain(5000),
    String(repeating: "[", count: 100_000),
    String(repeating: "- ", count: 100_000),
    aliases(40),
  ]

  private static func chain(_ length: Int) -> String {
    let links = (0..<length).map { "\"d\($0)\": {\"$ref\": \"#/definitions/d\($0 + 1)\"}" }
    return "{\"definitions\": {" + links.joined(separator: ",") + ", \"d\(length)\": {}}}"
  }

  // Each line doubles the one before.
  private static func aliases(_ count: Int) -> String {
    let lines = (1...count).map { "b\($0): &b\($0) [*b\($0 - 1), *b\($0 - 1)]\n" }
    return "b0: &b0 [x]\n" + lines.joined()
  }

  @Test("neither depth nor length of a schema runs out of stack", arguments: deep)
  func depth(schema: String) {
    #expect(throws: SchemaError.self) { try Schema.compile(Array(schema.utf8)) }
  }
}
