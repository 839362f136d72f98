import JSON
import Testing

/// The cases that everybody tries on a JSON parser.
@Suite("Conformance to RFC 8259")
struct ConformanceTests {
  private static func parses(_ bytes: [UInt8]) -> Bool {
    do {
      try JSONParser().withDocument(of: bytes) { _ = $0.text() }
      return true
    } catch let error as JSONSyntaxError {
      #expect(error.line >= 1 && error.column >= 1 && error.byteOffset <= bytes.count)
      return false
    } catch {
      Issue.record("\(error)")
      return false
    }
  }

  @Test(
    "is accepted",
    arguments: [
      "[]", " [] ", "[[]   ]", "[\"\"]", "[\"a\"]", "[false]", "[null, 1, \"1\", {}]", "[null]", "[1\n]", " [1]",
      "[1,null,null,null,2]", "[2] ",
      "[123e65]", "[0e+1]", "[0e1]", "[ 4]",
      "[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]", "[20e1]", "[-0]", "[-123]",
      "[-1]",
      "[1E22]", "[1E-2]", "[1E+2]", "[123e45]", "[123.456e78]", "[1e-2]", "[1e+2]", "[123]", "[123.456789]", "[1e-400]",
      "[4.9e-324]", "[1.7976931348623157e308]",
      "{\"asd\":\"sdf\", \"dfg\":\"fgh\"}", "{\"asd\":\"sdf\"}", "{}", "{\"\":0}",
      "{\"min\": -1.0e+28, \"max\": 1.0e+28}", "{\"a\":[]}", "{\n\"a\": \"b\"\n}",
      "{\"a\":1,\"A\":2,\"\\u00e1\":3,\"a\\u0301\":4}",
      #"["\u0060\u012a\u12AB"]"#, #"["\uD801\udc37"]"#, #"["\ud83d\ude39\ud83d\udc8d"]"#, #"["\"\\\/\b\f\n\r\t"]"#,
      #"["\\u0000"]"#, #"["\""]"#, #"["a/*b*/c/*d//e"]"#,
      #"["\\a"]"#, #"["\\n"]"#, #"["\u0012"]"#, #"["\uFFFF"]"#, #"["new\u00A0line"]"#, #"["\u0000"]"#, #"["\u0022"]"#,
      #"["\uDBFF\uDFFF"]"#, #"["\u200B"]"#, #"["\uFDD0"]"#,
      "[\"\u{10FFFF}\"]", "[\"\u{FFFF}\"]", "[\"asd \"]", "[\"\u{2028}\u{2029}\"]", "[\"€𝄞\"]", "[\"\u{7F}\"]",
      "[\"⍂㈴⍂\"]", "false", "42", "-0.1", "null", "\"asd\"", "true", "\"\"", "[\"a\"]\n", "\t[\r\n]",
      "[9223372036854775807,-9223372036854775808,18446744073709551615]", "[-0.0]", "[0.1e0]", "[1.0e-0]",
    ])
  func accepts(text: String) { #expect(Self.parses(Array(text.utf8))) }

  @Test(
    "is refused",
    arguments: [
      "", " ", "[1 true]", "[a", "[\"\": 1]", "[\"\"],", "[,1]", "[1,,2]", "[\"x\",,]", "[\"x\"]]", "[\"\",]", "[\"x\"",
      "[x", "[3[4]]", "[1:2]", "[,]", "[-]", "[   , \"\"]", "[\"a\",\n4\n,1,", "[1,]", "[\"\u{b}a\"\\f]", "[*]",
      "[1,\n1\n,1", "[{}",
      "[fals]", "[nul]", "[tru]", "[True]", "[NaN]", "[Infinity]", "[-Infinity]", "[-NaN]", "123\u{0}", "[++1234]",
      "[+1]", "[+Inf]", "[-01]", "[-1.0.]", "[-2.]", "[.-1]", "[.2e-3]", "[0.1.2]", "[0.3e+]", "[0.3e]", "[0.e1]",
      "[0E+]", "[0E]", "[0e+]", "[0e]",
      "[1.0e+]", "[1.0e-]", "[1.0e]", "[1 000.0]", "[1eE2]", "[2.e+3]", "[2.e-3]", "[2.e3]", "[9.e+]", "[1+2]", "[0x1]",
      "[0x42]", "[0e+-1]", "[-foo]", "[- 1]", "[-012]", "[-.123]", "[-1x]", "[1ea]", "[1.]", "[.123]", "[1.2a-3]",
      "[1.8011670033376514H-308]", "[012]", "[1e1.5]", "[1_000]", "[１]",
      "[1e400]", "[-1e400]", "[18446744073709551616]", "[-9223372036854775809]", "[123123123123123123123123123123]",
      "[\"x\", truth]", "{[: \"x\"}", "{\"x\", null}", "{\"x\"::\"b\"}", "{\"a\":\"a\" 123}", "{key: 'value'}",
      "{\"a\":\"b\",,\"c\":\"d\"}", "{\"a\" b}", "{:\"b\"}", "{\"a\" \"b\"}", "{\"a\":", "{\"a\"", "{1:1}",
      "{9999E9999:1}", "{null:null,null:null}", "{\"id\":0,,,,,}", "{'a':0}", "{\"id\":0,}", "{\"a\":\"b\"}/**/",
      "{\"a\":\"b\"}/**//", "{\"a\":\"b\"}//", "{\"a\":/*c*/\"b\"}", "{a: \"b\"}", "{\"a\":\"a",
      "{ \"foo\" : \"bar\", \"a\" }", "{\"a\":\"b\"}#",
      "{\"a\":1,\"a\":1}", "{\"a\":{\"b\":1,\"c\":2,\"b\":3}}", #"{"a":1,"\u0061":2}"#, #"{"\u0000":1}"#,
      #"["\uD800\"]"#, #"["\uD800\u"]"#, #"["\uD800\u1"]"#, #"["\uD800\u1x"]"#, #"["\u00A"]"#, #"["\x00"]"#,
      #"["\\\"]"#, "[\"\\\t\"]", #"["\🌀"]"#, #"["\"]"#, #"["\a"]"#, #"["\uqqqq"]"#, "[\\u0020\"asd\"]", "[\\n]", "\"",
      "['single quote']", "abc", "[\"\\", "[\"new\nline\"]", "[\"\t\"]", "[\"a\u{0}a\"]", "\"x\" 1", "\"\\UA66D\"x",
      #"["\uDADA"]"#, #"["\uDd1e\uD834"]"#, #"["\uD800"]"#, #"["\uD800\n"]"#, #"["\ud800abc"]"#,
      #"["\uD800\uD800\uDFFF"]"#, #"["\udc00"]"#,
      "<.>", "[<null>]", "[1]x", "[1]]", "][", "[][]", "{}}", "*", "{\"a\":\"b\"}#{}", "[\\u000A\"\"]", "[1",
      "[ false, nul", "[ true, fals", "[ false, tru", "{\"asd\":\"asd\"", "{", "[", "{\"\":", "{]", "[\"", "['a",
      "{\"a", "[\"a\u{2028}", "å", "\u{2060}[]", "[\u{c}]", "[\u{FEFF}]", "\u{FEFF}{}", "\u{FEFF}", "2@", "[1,2]\u{0}",
    ])
  func refuses(text: String) { #expect(!Self.parses(Array(text.utf8))) }

  @Test(
    "bytes that are no UTF-8 are refused, in values and names alike",
    arguments: [
      [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x80, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80],
      [0xED, 0xBF, 0xBF],
      [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF],
      [0xC3, 0x28],
    ] as [[UInt8]])
  func encoding(bytes: [UInt8]) {
    #expect(!Self.parses(Array("[\"".utf8) + bytes + Array("\"]".utf8)))
    #expect(!Self.parses(Array("{\"".utf8) + bytes + Array("\":1}".utf8)))
    #expect(!Self.parses(bytes))
  }

  @Test("nesting without an end is refused", arguments: ["[", "{\"a\":", "[{\"a\":"])
  func nesting(unit: String) {
    #expect(!Self.parses(Array(String(repeating: unit, count: 100_000).utf8)))
  }

  @Test("every beginning of a document is refused, and every single change of a byte survived")
  func truncation() {
    let text = Array(#"{"a":[1,-2.5e3,"é\n\u00e9\ud83d\ude00",true,null],"b":{"c":false}}"#.utf8)
    for count in 0..<text.count { #expect(!Self.parses(Array(text[..<count]))) }
    for index in text.indices {
      for byte in UInt8.min...UInt8.max {
        var changed = text
        changed[index] = byte
        _ = Self.parses(changed)
      }
    }
  }

  @Test("integers beyond 64 bits are taken where they may be rounded")
  func rounding() throws {
    let parser = JSONParser(numbers: .rounded)
    try parser.withDocument(of: Array("[1.5, 18446744073709551616, 2, -100000000000000000000, 3.0]".utf8)) {
      #expect($0.elements?.map(\.double) == [1.5, 18446744073709551616, 2, -100000000000000000000, 3])
      #expect($0.elements?.map(\.kind) == [.double, .double, .integer, .double, .double])
    }
  }

  @Test("a parser serves documents of any size one after another, and one inside another")
  func reuse() throws {
    let parser = JSONParser()
    for count in [0, 1, 100, 200_000, 3, 1_000_000, 2] {
      let text = "[" + Array(repeating: "{\"a\":1}", count: count).joined(separator: ",") + "]"
      #expect(try parser.withDocument(of: Array(text.utf8)) { $0.elements?.count } == count)
    }
    try parser.withDocument(of: Array("[1]".utf8)) { outer in
      try parser.withDocument(of: Array("[2,3]".utf8)) { #expect($0.text() == "[2,3]") }
      #expect(outer.text() == "[1]")
    }
  }

  @Test("repeated members are found in objects of any size", arguments: [2, 10, 127, 128, 129, 1000])
  func repetition(count: Int) {
    let names = (0..<count).map { "\"a name that is long \($0)\":\($0)" }
    #expect(Self.parses(Array("{\(names.joined(separator: ","))}".utf8)))
    #expect(!Self.parses(Array("{\(names.joined(separator: ",")),\(names[count / 2])}".utf8)))
  }
}
