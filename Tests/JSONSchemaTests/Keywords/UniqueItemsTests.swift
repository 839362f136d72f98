import Testing

@Suite("uniqueItems")
struct UniqueItemsTests {
  private static func many(_ last: String) -> String {
    "[" + (0..<50).map { "{\"a\": \($0), \"b\": [\"\($0)\"]}" }.joined(separator: ",") + ",\(last)]"
  }

  @Test(
    "equal values are found however they are written",
    arguments: [
      Case(
        #"{"uniqueItems": true}"#, "[1, 1.0]", "/: the elements 0 and 1 are equal, all must be different (uniqueItems)"),
      Case(
        #"{"uniqueItems": true}"#, #"[{"a": 1, "b": [2]}, 3, {"b": [2.0], "a": 1}]"#,
        "/: the elements 0 and 2 are equal, all must be different (uniqueItems)"),
      Case(
        #"{"uniqueItems": true}"#, #"[1, true, "1", null, 0, false, "", [], {}, [1], [true], {"a": 0}, {"a": false}]"#),
      Case(
        #"{"uniqueItems": true}"#, #"["a", "\u0061"]"#,
        "/: the elements 0 and 1 are equal, all must be different (uniqueItems)"),
      Case(#"{"uniqueItems": true}"#, #"[{"a": 1}, {"b": 1}, {"a": 1, "b": 1}, {"b": 2, "a": 1}]"#),
      Case(
        #"{"uniqueItems": true}"#, many(#"{"b": ["7"], "a": 7.0}"#),
        "/: the elements 7 and 50 are equal, all must be different (uniqueItems)"),
      Case(#"{"uniqueItems": true}"#, many(#"{"b": ["7"], "a": 8}"#)),
      Case(#"{"uniqueItems": false}"#, "[1, 1]"),
    ])
  func equality(test: Case) throws { try test.check() }
}
