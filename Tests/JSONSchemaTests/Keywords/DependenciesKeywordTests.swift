import Testing

@Suite("dependencies")
struct DependenciesKeywordTests {
  @Test(
    "a member may ask for others, or for a schema",
    arguments: [
      Case(
        #"{"dependencies": {"a": ["b", "c"]}}"#, #"{"a": 1, "c": 2}"#,
        #"/: "b" is missing, which "a" asks for (dependencies)"#),
      Case(#"{"dependencies": {"a": ["b", "c"]}}"#, #"{"c": 2}"#),
      Case(
        #"{"dependencies": {"a": {"minProperties": 2}}}"#, #"{"a": 1}"#,
        "/: the object has 1 member, at least 2 are asked (minProperties)"),
      Case(
        #"{"dependencies": {"a": false}}"#, #"{"a": 1}"#, "/: nothing is allowed here, and an object is there (false)"),
      Case(#"{"dependencies": {"a": []}}"#, #"{"a": 1}"#),
    ])
  func dependencies(test: Case) throws { try test.check() }
}
