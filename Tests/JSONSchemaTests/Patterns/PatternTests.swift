import JSON
import JSONSchema
import Testing

@Suite("Regular expressions")
struct PatternTests {
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      let isPlain = scalar.value >= 0x20 && scalar != "\"" && scalar != "\\"
      let digits = String(scalar.value, radix: 16)
      result +=
        isPlain
        ? String(scalar) : "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
    return result + "\""
  }

  private static func matches(_ pattern: String, _ subject: String) throws -> Bool {
    try errors("{\"pattern\": \(quoted(pattern))}", quoted(subject)).isEmpty
  }

  static let verdicts: [(String, yes: [String], no: [String])] = [
    ("^[a-z]+$", ["a", "abc"], ["", "a1", "aé", "a\n"]),
    ("^[^/]*$", ["", "é😀"], ["a/", "/"]),
    ("^[a-c]{2,3}$", ["ab", "abc"], ["a", "abca"]),
    ("^[é]{2}$", ["éé"], ["é", "ééé"]),
    ("^.$", ["😀", "é", "a"], ["", "ab", "\n", "\u{2028}"]),
    ("a|b*c", ["xa", "c", "bbc"], ["", "b"]),
    ("", ["", "x"], []),
    ("^(?:a|ab)(?:c|bcd)(d*)$", ["abcd", "acd", "abbcd"], ["ab", "bcd"]),
    ("(a*)*b", ["b", "aaab"], ["aaa"]),
    ("(?:a?){3}b", ["b", "aaab"], ["aaa"]),
    ("x{0}y", ["y"], ["x"]),
    ("^a{2,}$", ["aa", "aaaa"], ["a"]),
    (#"\d"#, ["1"], ["x", "٣"]),
    (#"^\w+$"#, ["aZ_9"], ["é", "-"]),
    (#"^\s$"#, [" ", "\u{FEFF}", "\u{A0}", "\u{2029}"], ["x", "\u{200B}"]),
    (#"^\S$"#, ["x", "\u{200B}"], ["\u{3000}"]),
    (#"^\cJ\x41\u0042\u{1F600}$"#, ["\nAB😀"], ["JAB😀"]),
    (#"^\ud83d\ude00$"#, ["😀"], ["x"]),
    (#"^[\w-]+$"#, ["a-b"], ["a b"]),
    (#"^[\w-.]+$"#, ["a-b.c"], ["a b"]),
    (#"^[\]\-^]+$"#, ["]-^"], ["\\"]),
    ("^[]$", [], ["", "x"]),
    ("^[^]$", ["x", "\n"], [""]),
    (#"\bfoo\b"#, ["a foo b", "foo"], ["afoo", "food"]),
    (#"\Boo"#, ["foo"], ["oo"]),
    (#"^(?=.*\d)(?!.*x).{3}$"#, ["a1b"], ["abc", "1xx"]),
    (#"(?<=a)b"#, ["ab"], ["b", "cb"]),
    (#"(?<!a)b"#, ["b", "cb"], ["ab"]),
    (#"^(?<=(\d)\1)b|11b"#, ["11b"], ["12b"]),
    (#"^(a+)\1$"#, ["aa", "aaaa"], ["a", "aaa"]),
    (#"^(?<q>['"]).*\k<q>$"#, ["'x'", "\"\""], ["'x\""]),
    (#"^(?:(a)|b)\1$"#, ["aa", "b"], ["a", "ba"]),
    (#"^(?!(a))\1b"#, ["b"], ["ab"]),
    ("$^", [""], ["x"]),
    ("a$b|c", ["c"], ["ab"]),
    (#"^\p{L}\p{Lu}\P{Nd}$"#, ["éÉx"], ["1Éx", "éé1"]),
    ("^{a}]$", ["{a}]"], ["a"]),
    (#"^a{,2}$"#, ["a{,2}"], ["aa"]),
    ("(?:)", ["", "x"], []),
    ("a.c", ["abc", "xa😀cx"], ["ac", "a\nc"]),
    ("^(?:[a-y]+z){1,3}$", ["abz", "azbzcz"], ["ab", "azbzczdz"]),
  ]

  @Test("each engine has the verdict of ECMA-262", arguments: verdicts)
  func engines(pattern: String, yes: [String], no: [String]) throws {
    // The first is free to choose, the others need what only one engine has.
    let variants = [pattern, "(?:\(pattern))(?:\\b|\\B)", "(?:\(pattern))(?=)"]
    for variant in variants {
      for subject in yes { #expect(try Self.matches(variant, subject), "\(variant) \(subject)") }
      for subject in no { #expect(try !Self.matches(variant, subject), "\(variant) \(subject)") }
    }
  }

  @Test(
    "what is no regular expression is refused",
    arguments: [
      "(", ")", "a)", "[a", "*", "a**", "a|*", "(?", "(?x)", "a{2,1}", "[b-a]", #"\"#, #"\Z"#, #"\a"#, #"\u12"#,
      #"\x1"#, #"\u{110000}"#, #"\1"#, #"(a)\2"#, #"\k<x>"#, "(?<a>x)(?<a>y)", "(?<>x)", #"\p{Nonsense}"#, "^*",
      "a{1}{2}",
      #"\01"#, #"\c1"#, "(?=a)*", String(repeating: "(", count: 1000) + String(repeating: ")", count: 1000),
      "(?:(?:(?:a{100}){100}){100}){100}",
    ])
  func refuses(pattern: String) {
    #expect(throws: SchemaError.self) { try Self.matches(pattern, "") }
  }

  @Test(
    "no pattern and string take long", .timeLimit(.minutes(1)),
    arguments: [
      ("(a+)+$", "a", "b"), ("^(a|a)*$", "a", "b"), ("(.*)*x", "a", ""), (#"^(a+)+\b!"#, "a", "b"),
      (#"(?=(a+)+$)\1b"#, "a", "b"), (#"(a*)*\1b"#, "a", ""), ("(?:.{0,500}x){2}", "a", ""),
      (#"\w*\d\w*\d\w*\b\B"#, "1", "!"),
    ])
  func time(pattern: String, repeated: String, end: String) throws {
    #expect(try !Self.matches(pattern, String(repeating: repeated, count: 4000) + end))
  }

  @Test("a search that gave up says so")
  func givesUp() throws {
    let found = try messages(#"{"pattern": "(?=(a+)+$)\\1b"}"#, "\"" + String(repeating: "a", count: 50) + "b\"")
    #expect(found.first?.contains("takes too long") == true)
  }
}
