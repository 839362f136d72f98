import Testing

@Suite("type")
struct TypeKeywordTests {
  @Test(
    "a value of another type is named with what is asked",
    arguments: [
      Case(#"{"type": "integer"}"#, #""1""#, #"/: "1" is a string, an integer is asked (type)"#),
      Case(#"{"type": ["string", "null"]}"#, "true", "/: true is a boolean, null or a string is asked (type)"),
      Case(#"{"type": "object"}"#, "[]", "/: an array is an array, an object is asked (type)"),
      Case(#"{"type": "integer"}"#, "1.5", "/: 1.5 is a number, an integer is asked (type)"),
      Case(#"{"type": "number"}"#, "1"),
      Case(#"{"type": "boolean"}"#, "null", "/: null is null, a boolean is asked (type)"),
    ])
  func names(test: Case) throws { try test.check() }

  @Test(
    "1.0 is an integer in draft-06 and none in draft-04",
    arguments: [
      Case(#"{"type": "integer"}"#, "1.0"),
      Case(#"{"type": "integer"}"#, "1e300"),
      Case("{\(draft4), \"type\": \"integer\"}", "1.0", "/: 1.0 is a number, an integer is asked (type)"),
      Case("{\(draft4), \"type\": \"integer\"}", "18446744073709551615"),
    ])
  func fractions(test: Case) throws { try test.check() }
}
