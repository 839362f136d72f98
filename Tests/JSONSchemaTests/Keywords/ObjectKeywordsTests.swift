import JSONSchema
import Testing

@Suite("properties, patternProperties, additionalProperties, propertyNames, required, counts")
struct ObjectKeywordsTests {
  @Test(
    "unknown members are named with the closest known name",
    arguments: [
      Case(
        #"{"properties": {"jobName": {}, "jobSymbol": {}}, "additionalProperties": false}"#, #"{"jobNam": 1}"#,
        #"/: "jobNam" is no known property, did you mean "jobName"? (additionalProperties)"#),
      Case(
        #"{"properties": {"tier": {}}, "additionalProperties": false}"#, #"{"tire": 1, "shoes": 2}"#,
        #"/: "tire" is no known property, did you mean "tier"? (additionalProperties)"#,
        #"/: "shoes" is no known property (additionalProperties)"#),
      Case(
        #"{"properties": {"aé": {"type": "null"}}}"#, #"{"aé": 1, "x/~y": 2}"#,
        "/aé: 1 is an integer, null is asked (type)"),
      Case(
        #"{"additionalProperties": {"type": "null"}}"#, #"{"x/~y": 2}"#,
        "/x~1~0y: 2 is an integer, null is asked (type)"),
    ])
  func members(test: Case) throws { try test.check() }

  @Test(
    "missing members are named, each of them",
    arguments: [
      Case(
        #"{"required": ["a", "b", "c"]}"#, #"{"b": 1}"#, #"/: "a" is missing (required)"#,
        #"/: "c" is missing (required)"#),
      Case(#"{"properties": {"a": {}}, "required": ["b", "a"]}"#, #"{"b": 1, "a": 2}"#),
      Case(#"{"required": []}"#, "{}"),
    ])
  func required(test: Case) throws { try test.check() }

  @Test(
    "patterns cover members beside their names",
    arguments: [
      Case(
        #"{"patternProperties": {"^x": {"type": "null"}, "y$": {"minimum": 2}}, "additionalProperties": false}"#,
        #"{"xy": 1, "z": 1}"#, "/xy: 1 is an integer, null is asked (type)",
        "/xy: 1 is too small, at least 2 is asked (minimum)", #"/: "z" is no known property (additionalProperties)"#),
      Case(
        #"{"propertyNames": {"maxLength": 1}}"#, #"{"a": 1, "bc": 2}"#,
        #"/: the name "bc" is not allowed: "bc" has 2 characters, at most 1 is asked (propertyNames)"#),
    ])
  func patterns(test: Case) throws { try test.check() }

  @Test(
    "counts say what was found and asked",
    arguments: [
      Case(#"{"minProperties": 1}"#, "{}", "/: the object has 0 members, at least 1 is asked (minProperties)"),
      Case(
        #"{"maxProperties": 1}"#, #"{"a": {}, "b": {}}"#,
        "/: the object has 2 members, at most 1 is asked (maxProperties)"),
    ])
  func counts(test: Case) throws { try test.check() }

  @Test("names that only their middles tell apart are told apart")
  func longNames() throws {
    let names = (0..<40).map { "beginning-\($0 + 10)-of-a-long-name" }
    let properties = names.map { "\"\($0)\": {\"const\": \"\($0)\"}" }.joined(separator: ",")
    let members = names.map { "\"\($0)\": \"\($0)\"" }.joined(separator: ",")
    let schema = "{\"properties\": {\(properties)}, \"additionalProperties\": false, \"minProperties\": 40}"
    #expect(try messages(schema, "{\(members)}") == [])
    #expect(try messages(schema, "{\(members), \"beginning-99-of-a-long-name\": 1}").count == 1)
  }

  @Test("the paths go through the schema as it was evaluated")
  func paths() throws {
    let schema =
      ##"{"properties": {"a/b": {"$ref": "#/definitions/x"}}, "definitions": {"x": {"patternProperties": {"^c": {"items": [{}, {"allOf": [{"enum": [1]}]}]}}}}}"##
    let found = try errors(schema, #"{"a/b": {"c%": [0, 2]}}"#)
    #expect(found.map(\.instancePath) == ["/a~1b/c%/1"])
    #expect(found.map(\.schemaPath) == ["/properties/a~1b/$ref/patternProperties/^c/items/1/allOf/0/enum"])
  }
}
