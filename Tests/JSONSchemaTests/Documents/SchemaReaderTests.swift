import JSONSchema
import Testing

@Suite("Schemas in YAML")
struct SchemaReaderTests {
  static let scalars: [(String, String)] = [
    ("yes", #""yes""#), ("true", "true"), ("~", "null"), ("", "null"), ("12", "12"), ("1.5e3", "1500"),
    ("'12'", #""12""#), ("0x1F", "31"), ("2017-01-01", #""2017-01-01""#), ("!!str 12", #""12""#),
    ("1_000", #""1_000""#),
    ("-0", "0"), (".5", "0.5"), ("+", #""+""#), ("1.2.3", #""1.2.3""#), ("\"a\\nb\"", #""a\nb""#),
  ]

  @Test("plain scalars are read as JSON would have them, and all others are strings", arguments: scalars)
  func readsScalars(yaml: String, json: String) throws {
    #expect(try messages("const: \(yaml)\n", json) == [])
  }

  @Test(
    "wrong text is named with line and column",
    arguments: [
      ("a: 1\na: 2\n", "line 1, column 1: the member \"a\" occurs twice in this mapping"),
      ("type: [string\n", "line 2, column 1: did not find expected ',' or ']'"),
      ("", "line 1: there is no schema"),
      ("? [a]\n: 1\n", "line 1, column 3: a member's name must be a scalar"),
    ])
  func mistakes(yaml: String, description: String) {
    let error = #expect(throws: SchemaError.self) { try Schema.compile(Array(yaml.utf8)) }
    #expect(error?.description == description)
  }

  @Test("bytes that are no UTF-8 are an error, whatever they are")
  func garbage() {
    #expect(throws: SchemaError.self) { try Schema.compile([0xFF, 0xFE, 0x00]) }
    #expect(throws: SchemaError.self) { try Schema.compile(Array("{\"a\u{0}".utf8)) }
  }
}
