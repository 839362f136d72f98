import Testing

@Suite("allOf, anyOf, oneOf, not")
struct CombinationKeywordsTests {
  @Test(
    "all of allOf is reported",
    arguments: [
      Case(
        #"{"allOf": [{"minimum": 2}, {"type": "null"}, {}]}"#, "1", "/: 1 is too small, at least 2 is asked (minimum)",
        "/: 1 is an integer, null is asked (type)"),
      Case(#"{"not": {"type": "integer"}}"#, "1", #"/: 1 matches what "not" forbids (not)"#),
      Case(#"{"not": {"type": "string"}}"#, "1"),
    ])
  func all(test: Case) throws { try test.check() }

  @Test(
    "of branches the closest is explained",
    arguments: [
      Case(
        #"{"anyOf": [{"type": "null"}, {"minimum": 2}]}"#, "1",
        "/: 1 matches none of the 2 branches, branch 1 comes closest (anyOf)",
        "/: 1 is too small, at least 2 is asked (minimum)"),
      Case(
        #"{"oneOf": [{"properties": {"kind": {"enum": ["a"]}}, "required": ["x"]}, {"properties": {"kind": {"enum": ["b"]}}, "required": ["x", "y"]}]}"#,
        #"{"kind": "b"}"#, "/: an object matches none of the 2 branches, branch 1 comes closest (oneOf)",
        #"/: "x" is missing (required)"#, #"/: "y" is missing (required)"#),
      Case(
        #"{"oneOf": [{"minimum": 1}, {"minimum": 2}, {"minimum": 3}]}"#, "2",
        "/: 2 matches both branch 0 and branch 1, exactly one is asked (oneOf)"),
      Case(
        #"{"oneOf": [{"minimum": 1}]}"#, "0", "/: 0 does not match the only branch (oneOf)",
        "/: 0 is too small, at least 1 is asked (minimum)"),
      Case(#"{"anyOf": [{"type": "null"}, {"minimum": 2}]}"#, "null"),
    ])
  func branches(test: Case) throws { try test.check() }
}
