import JSON
import Testing

@Suite("Parsing")
struct ParserTests {
  @Test(
    "a value comes back as compact text",
    arguments: [
      "null", "true", "false", "0", "-1", "9223372036854775807", "18446744073709551615", "1.5",
      "1e+300", #""""#, #""a\"\\\n\u0001é€😀""#, "[]", "{}", "[1,[2],{}]", #"{"a":1,"b":[true]}"#,
    ])
  func roundTrip(text: String) throws {
    let parser = JSONParser()
    #expect(try parser.withDocument(of: Array(text.utf8)) { $0.text() } == text)
  }

  @Test("members are found by name")
  func members() throws {
    let parser = JSONParser()
    try parser.withDocument(of: Array(#"{"a": {"b": [1, 2.5, "x"]}}"#.utf8)) { root in
      #expect(root["a"]?["b"]?.elements?.count == 3)
      #expect(root["a"]?["c"] == nil)
      #expect(root.members?.map { String($0.key) } == ["a"])
      let kinds = root["a"]?["b"]?.elements?.map(\.kind)
      #expect(kinds == [.integer, .double, .string])
    }
  }
}

@Suite("Strings in place")
struct JSONStringTests {
  @Test("they compare with literals and strings by their bytes")
  func equality() throws {
    try JSONParser().withDocument(of: Array(#"{"é": "a\u0000b"}"#.utf8)) { root in
      for (key, value) in try #require(root.members) {
        let name = "é"
        #expect(key == "é" && key == name && !(key == "e\u{301}") && key.count == 2)
        #expect(value.utf8?.bytes.count == 3 && value.string == "a\u{0}b")
        #expect(String(key) == name && key.withUTF8 { $0.count } == 2)
      }
    }
  }
}
