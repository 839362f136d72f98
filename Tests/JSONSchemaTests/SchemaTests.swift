import JSONSchema
import Testing

@Suite struct SchemaTests {
  @Test func aSchemaIsCompiledOnceAndAsksForWhatItSays() throws {
    let schema = try Schema.compile(Array("type: object\nrequired: [a]".utf8))
    let validator = Validator(schema)
    #expect(try validator.validate(Array(#"{"a": 1}"#.utf8)).isEmpty)
    #expect(try validator.validate(Array("{}".utf8)).map(\.keyword) == ["required"])
  }
}
