import Testing

@Suite("enum, const")
struct ConstantKeywordsTests {
  @Test(
    "values are equal by value",
    arguments: [
      Case(#"{"enum": ["a", 1, [1, {"b": 2}], null]}"#, "1.0"),
      Case(#"{"enum": ["a", 1, [1, {"b": 2}], null]}"#, #"[1.0, {"b": 2}]"#),
      Case(
        #"{"enum": ["a", 1, [1, {"b": 2}], null]}"#, "true", #"/: true is not one of "a", 1, [1,{"b":2}], null (enum)"#),
      Case(#"{"enum": ["pending"]}"#, #""done""#, #"/: "done" is not "pending" (enum)"#),
      Case(#"{"const": {"a": false}}"#, #"{"a": 0}"#, #"/: an object is there, {"a":false} is asked (const)"#),
      Case(#"{"const": "a"}"#, #""a""#),
      Case("{\(draft4), \"const\": 1}", "2"),
      Case(#"{"enum": [9007199254740993]}"#, "9007199254740992", "/: 9007199254740992 is not 9007199254740993 (enum)"),
      Case(#"{"enum": []}"#, "1", "/: 1 is not one of  (enum)"),
    ])
  func equality(test: Case) throws { try test.check() }

  @Test("a long list is cut, and the closest name given")
  func suggestion() throws {
    let names = (0..<20).map { "\"value-number-\($0)\"" }.joined(separator: ",")
    let found = try messages("{\"enum\": [\(names)]}", #""value-numbr-17""#)
    #expect(found.first?.contains("and 8 more, did you mean \"value-number-17\"?") == true)
  }
}
