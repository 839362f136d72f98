import JSON
import Testing

@Suite("Syntax errors")
struct SyntaxErrorTests {
  @Test(
    "mistakes are named with their line and column",
    arguments: [
      ("{\"a\": 1,\n \"a\": 2}", "line 2, column 2: the member \"a\" occurs twice in this object"),
      (#"{"a": 1, "\u0061": 2}"#, "line 1, column 10: the member \"a\" occurs twice in this object"),
      (#"["\ud800"]"#, "line 1, column 3: this escape is half of a surrogate pair"),
      (#"["é", "\udc00"]"#, "line 1, column 8: this escape is half of a surrogate pair"),
      (#"{"\u0000": 1}"#, "line 1, column 2: a member's name contains NUL"),
      ("[1, 18446744073709551616]", "line 1, column 5: this integer does not fit 64 bits"),
      ("[1e999]", "line 1, column 2: this number is beyond the range of a double"),
      ("[1] x", "line 1, column 5: there is more text after the end of the value"),
      ("", "line 1, column 1: there is no JSON text"),
      ("[1,]", "line 1, column 4: a value is asked here, and not \"]\""),
      ("[1", "line 1, column 3: the text ends where a comma or \"]\" is asked"),
      ("\u{FEFF}{}", "line 1, column 1: a byte order mark does not belong before JSON text"),
    ])
  func place(text: String, description: String) {
    let error = #expect(throws: JSONSyntaxError.self) {
      try JSONParser().withDocument(of: Array(text.utf8)) { _ in }
    }
    #expect(error?.description == description)
  }

  @Test("arrays may be as deep as the parser allows and no deeper", arguments: [1, 2, 256])
  func depth(limit: Int) throws {
    func text(_ depth: Int) -> [UInt8] {
      Array(String(repeating: "[", count: depth).utf8)
        + Array(String(repeating: "]", count: depth).utf8)
    }
    let parser = JSONParser(maximumDepth: limit)
    try parser.withDocument(of: text(limit)) { _ in }
    let error = #expect(throws: JSONSyntaxError.self) {
      try parser.withDocument(of: text(limit + 1)) { _ in }
    }
    #expect(error?.column == limit + 1)
  }
}
