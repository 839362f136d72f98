import Testing

@Suite("items, additionalItems, contains, minItems, maxItems")
struct ArrayKeywordsTests {
  @Test(
    "elements are checked by one schema or by their places",
    arguments: [
      Case(
        #"{"items": {"type": "null"}}"#, "[null, 1, 2]", "/1: 1 is an integer, null is asked (type)",
        "/2: 2 is an integer, null is asked (type)"),
      Case(
        #"{"items": [{"type": "null"}], "additionalItems": {"minimum": 2}}"#, "[null, 1]",
        "/1: 1 is too small, at least 2 is asked (minimum)"),
      Case(
        #"{"items": [{}], "additionalItems": false}"#, "[1, 2, 3]",
        "/: element 1 is one too many, 1 is allowed (additionalItems)",
        "/: element 2 is one too many, 1 is allowed (additionalItems)"),
      Case(#"{"items": {}, "additionalItems": false}"#, "[1]"),
      Case(#"{"items": false}"#, "[]"),
      Case(#"{"items": false}"#, "[1]", "/0: nothing is allowed here, and 1 is there (false)"),
    ])
  func items(test: Case) throws { try test.check() }

  @Test(
    "counts say what was found and asked",
    arguments: [
      Case(#"{"minItems": 2}"#, "[[]]", "/: the array has 1 element, at least 2 are asked (minItems)"),
      Case(#"{"maxItems": 1}"#, "[1, [2, 3]]", "/: the array has 2 elements, at most 1 is asked (maxItems)"),
      Case(#"{"contains": {"type": "string"}}"#, "[1]", #"/: no element matches what "contains" asks (contains)"#),
      Case(#"{"contains": {"type": "string"}}"#, #"[1, "x"]"#),
      Case("{\(draft4), \"contains\": {\"type\": \"string\"}}", "[1]"),
    ])
  func counts(test: Case) throws { try test.check() }

  @Test("a list of errors has an end")
  func bound() throws {
    let document = "[" + Array(repeating: "1", count: 5000).joined(separator: ",") + "]"
    #expect(try errors(#"{"items": {"type": "null"}}"#, document).count == 1000)
  }
}
