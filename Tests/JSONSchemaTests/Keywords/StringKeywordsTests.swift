import JSONSchema
import Testing

@Suite("minLength, maxLength, pattern, format")
struct StringKeywordsTests {
  @Test(
    "lengths count code points",
    arguments: [
      Case(#"{"minLength": 2, "maxLength": 2}"#, #""😀é""#),
      Case(#"{"maxLength": 2}"#, #""abc""#, #"/: "abc" has 3 characters, at most 2 are asked (maxLength)"#),
      Case(#"{"minLength": 2}"#, #""😀""#, #"/: "😀" has 1 character, at least 2 are asked (minLength)"#),
      Case(#"{"minLength": 1}"#, #""""#, #"/: "" has 0 characters, at least 1 is asked (minLength)"#),
      Case(#"{"minLength": 2.0}"#, "5"),
      Case(#"{"maxLength": 4000000000000}"#, #""x""#),
    ])
  func lengths(test: Case) throws { try test.check() }

  @Test(
    "a pattern is searched for, not matched from end to end",
    arguments: [
      Case(#"{"pattern": "b+"}"#, #""abba""#),
      Case(#"{"pattern": "^b+"}"#, #""abba""#, #"/: "abba" does not match the pattern ^b+ (pattern)"#),
      Case(#"{"pattern": "^[\\w-]+$"}"#, #""a b""#, #"/: "a b" does not match the pattern ^[\w-]+$ (pattern)"#),
    ])
  func patterns(test: Case) throws { try test.check() }

  @Test("formats are ignored unless they are asserted")
  func formats() throws {
    let test = Case(#"{"format": "ipv4"}"#, #""1.2.3""#)
    try test.check()
    try Case(#"{"format": "ipv4"}"#, #""1.2.3""#, #"/: "1.2.3" is not an IPv4 address (format)"#)
      .check(formats: .assert)
    try Case(#"{"format": "shoe size"}"#, #""1.2.3""#).check(formats: .assert)
  }

  @Test(
    "long values are cut, control characters escaped, passwords and tokens left out",
    arguments: [
      Case(
        #"{"maxLength": 1}"#, "\"" + String(repeating: "é", count: 100) + "\"",
        "/: \"" + String(repeating: "é", count: 60) + "…\" has 100 characters, at most 1 is asked (maxLength)"),
      Case(#"{"type": "null"}"#, #""a\n\u0001""#, #"/: "a\n\u0001" is a string, null is asked (type)"#),
      Case(
        #"{"type": "null"}"#, #""amqps://me:hunter2@host:1/x""#,
        #"/: "amqps://…@host:1/x" is a string, null is asked (type)"#),
      Case(
        #"{"properties": {"authToken": {"maxLength": 1}}}"#, #"{"authToken": "hunter2"}"#,
        "/authToken: the value has 7 characters, at most 1 is asked (maxLength)"),
    ])
  func excerpts(test: Case) throws { try test.check() }
}
