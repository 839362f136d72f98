import JSONSchema
import Testing

/// What the official suite does not ask.
@Suite("Formats")
struct FormatTests {
  static let verdicts: [(String, yes: [String], no: [String])] = [
    (
      "date-time",
      [
        "2026-04-02T09:07:01Z", "2026-04-02t09:07:01.123456789z", "2024-02-29T00:00:00-23:59", "2000-02-29T00:00:00Z",
        "1998-12-31T23:59:60Z", "1999-01-01T00:59:60+01:00", "2015-06-30T16:29:60-07:30",
      ],
      [
        "2026-04-02 09:07:01Z", "2026-04-02T09:07:01", "2025-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-04-02T24:00:00Z", "2026-04-02T09:07:61Z",
        "2026-04-02T09:07:01.Z",
        "1998-12-31T23:58:60Z", "1998-12-30T23:59:60Z", "1998-12-31T22:59:60+01:00", "2026-04-02T09:07:01+24:00",
        "２026-04-02T09:07:01Z",
        "2026-04-02T09:07:01Z ", "+2026-04-02T09:07:01Z", "2026-4-2T09:07:01Z", "",
      ]
    ),
    ("date", ["2026-04-02"], ["2026-02-30", "2026-04-02T", "26-04-02"]),
    ("time", ["09:07:01Z", "23:59:60Z", "00:59:60.5+01:00"], ["09:07:01", "23:58:60Z", "9:07:01Z", "09:60:01Z"]),
    (
      "ipv4", ["0.0.0.0", "255.255.255.255"],
      ["256.0.0.1", "01.0.0.1", "1.1.1", "1.1.1.1.1", "1.1.1.1 ", "1..1.1", "0x1.1.1.1"]
    ),
    (
      "ipv6",
      [
        "::", "::1", "1::", "1:2:3:4:5:6:7:8", "1::8", "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
      ],
      [
        ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "::1%eth0", "12345::", "1:", ":1",
        "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "::g",
        "1.2.3.4::", "1:2:3:4:5:6:7:8::", "",
      ]
    ),
    (
      "hostname", ["a", "a-b.c1", "1.2"],
      ["", ".", "a.", "-a", "a-", "a_b", "a..b", "é", String(repeating: "a", count: 64)]
    ),
    (
      "email", ["a@b", "a.b+c@d-e.f", #""a b"@c"#, "a@[1.2.3.4]", "a@[IPv6:::1]"],
      ["", "@b", "a@", ".a@b", "a.@b", "a@b@c", "a b@c", "a@[1.2.3]", #""a@b"#, "a@b_c"]
    ),
    (
      "uri",
      [
        "http://a", "a:", "urn:x:y", "http://u:p@[::1]:80/a/b;c?d=e/?#f/?", "file:///a", "a:%C3%A9", "http://[v1.x:y]/",
        "mailto:a@b",
      ],
      [
        "", "a", "//a", "/a", ":a", "1a:", "a b:", "http://a b", "http://a/%", "http://a/%1g", "http://é",
        "http://[::1", "http://[1]", "http://a:b", "a:#b#c", "a:<b>", "http://a/[b]", "http://u@v@w",
      ]
    ),
    (
      "uri-reference", ["", "a", "/a", "//a", "#", "?", "a/b:c", "./b:c", "../a?b#c"],
      ["a b", "\\a", "#a#b", "1:2", "a[b", "%"]
    ),
    (
      "uri-template", ["", "a{b}c", "{+a,b*}{#c:3}{?d.e}", "{%41}", "é"],
      ["{", "}", "{}", "{a", "a}", "{a:0}", "{a:12345}", "{a b}", "a b", "<a>", "{a.}", "%"]
    ),
    ("json-pointer", ["", "/", "/a~0~1", "//"], ["a", "/~", "/~2", "#/a"]),
    ("regex", ["", "a|b", "^[a-z]+$"], ["(", "[", #"\Z"#, "a**"]),
  ]

  @Test("what a format takes and refuses", arguments: verdicts)
  func agrees(format: String, yes: [String], no: [String]) throws {
    func isValid(_ text: String) throws -> Bool {
      var document = "\""
      for scalar in text.unicodeScalars {
        if scalar == "\"" || scalar == "\\" { document += "\\" }
        document.unicodeScalars.append(scalar)
      }
      return try errors("{\"format\": \"\(format)\"}", document + "\"", formats: .assert).isEmpty
    }
    for text in yes { #expect(try isValid(text), "\(text)") }
    for text in no { #expect(try !isValid(text), "\(text)") }
  }
}
