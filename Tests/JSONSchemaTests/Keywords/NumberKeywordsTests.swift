import Testing

@Suite("minimum, maximum, exclusive limits, multipleOf")
struct NumberKeywordsTests {
  @Test(
    "limits say what was found and asked",
    arguments: [
      Case(#"{"minimum": 1}"#, "0", "/: 0 is too small, at least 1 is asked (minimum)"),
      Case(#"{"maximum": 1.5}"#, "2", "/: 2 is too large, at most 1.5 is asked (maximum)"),
      Case(#"{"exclusiveMinimum": 1}"#, "1.0", "/: 1.0 is too small, more than 1 is asked (exclusiveMinimum)"),
      Case(#"{"exclusiveMaximum": 1}"#, "1", "/: 1 is too large, less than 1 is asked (exclusiveMaximum)"),
      Case(
        "{\(draft4), \"minimum\": 1, \"exclusiveMinimum\": true}", "1",
        "/: 1 is too small, more than 1 is asked (minimum)"),
      Case("{\(draft4), \"minimum\": 1, \"exclusiveMinimum\": false}", "1"),
      Case(#"{"minimum": 1}"#, #""0""#),
    ])
  func limits(test: Case) throws { try test.check() }

  @Test(
    "integers and doubles are compared without rounding",
    arguments: [
      Case(
        #"{"minimum": 9007199254740993}"#, "9007199254740992.0",
        "/: 9007199254740992.0 is too small, at least 9007199254740993 is asked (minimum)"),
      Case(
        #"{"maximum": 9007199254740992.0}"#, "9007199254740993",
        "/: 9007199254740993 is too large, at most 9007199254740992.0 is asked (maximum)"),
      Case(
        #"{"maximum": 9223372036854775807}"#, "18446744073709551615",
        "/: 18446744073709551615 is too large, at most 9223372036854775807 is asked (maximum)"),
      Case(#"{"minimum": 18446744073709551615}"#, "1e30"),
      Case(#"{"minimum": -1e30}"#, "-9223372036854775808"),
      Case(#"{"maximum": -0.0}"#, "0"),
    ])
  func exactness(test: Case) throws { try test.check() }

  @Test(
    "multiples count as they are written",
    arguments: [
      Case(#"{"multipleOf": 0.01}"#, "4.35"),
      Case(#"{"multipleOf": 0.1}"#, "0.3"),
      Case(#"{"multipleOf": 0.1}"#, "0.35", "/: 0.35 is no multiple of 0.1 (multipleOf)"),
      Case(#"{"multipleOf": 0.5}"#, "1e308"),
      Case(#"{"multipleOf": 3}"#, "1e22", "/: 1e+22 is no multiple of 3 (multipleOf)"),
      Case(#"{"multipleOf": 3}"#, "-9"),
      Case(#"{"multipleOf": 5e-324}"#, "1"),
      Case(#"{"multipleOf": 7}"#, "18446744073709551615", "/: 18446744073709551615 is no multiple of 7 (multipleOf)"),
      Case(#"{"multipleOf": 1e300}"#, "0"),
      Case(#"{"multipleOf": 50}"#, "5e1"),
      Case(#"{"multipleOf": 50}"#, "5.0", "/: 5.0 is no multiple of 50 (multipleOf)"),
    ])
  func multiples(test: Case) throws { try test.check() }
}
