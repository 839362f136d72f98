import Foundation
import Testing

@testable import Submission

@Suite struct SubmissionValueTests {
  private func read(_ text: String) throws(SubmissionError) -> SubmissionValue {
    try SubmissionValue(json: Array(text.utf8))
  }

  private func written(_ text: String) throws -> String { String(decoding: try read(text).toJSON(), as: UTF8.self) }

  @Test func whatIsReadIsWrittenAgain() throws {
    #expect(
      try written(#" { "b" : [1, -0.50, 1e400, 12345678901234567890123], "a": null, "c": [true,false,{},[]] } "#)
        == #"{"a":null,"b":[1,-0.50,1e400,12345678901234567890123],"c":[true,false,{},[]]}"#)
    #expect(
      try written(#""\u00e4\ud83c\udf4e\/\\\"\b\f\n\r\t\u0000 ä""#) == #""ä🍎/\\\"\u0008\u000c\n\u000d\u0009\u0000 ä""#)
    #expect(try written(#"{"a":1,"a":2}"#) == #"{"a":2}"#)
  }

  @Test(
    arguments: [
      "", " ", "{", "[", "[1", "[1,", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{1:1}", "01", "-",
      "+1",
      "1.", ".5", "1e", "1e+", "0x1", "NaN", "Infinity", "nul", "True", "\"", "\"a", "\"\\x\"", "\"\\u12\"",
      "\"\\u+123\"",
      "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\n\"", "1 2", "[] []", "'a'", "\u{FEFF}1", "// a\n1",
    ])
  func whatIsNoJSONIsRefused(_ text: String) {
    #expect(throws: SubmissionError.self) { try read(text) }
  }

  @Test func bytesThatAreNoTextAreRefused() {
    #expect(throws: SubmissionError.self) { try SubmissionValue(json: [0x22, 0xFF, 0x22]) }
    #expect(throws: SubmissionError.self) { try SubmissionValue(json: [0x22, 0xED, 0xA0, 0x80, 0x22]) }
  }

  @Test func theErrorSaysWhere() throws {
    do {
      _ = try read("{\n  \"a\": 1,\n  \"b\": x}")
      Issue.record("it was read")
    } catch {
      #expect(error.code == .invalidJSON && error.description == "line 3, byte 8: a value is asked")
    }
  }

  @Test func noDepthEndsTheProcess() throws {
    let deep = String(repeating: "[", count: 256) + String(repeating: "]", count: 256)
    #expect(try written(deep) == deep)
    #expect(throws: SubmissionError.self) { try read("[" + deep + "]") }
    #expect(throws: SubmissionError.self) { try read(String(repeating: "{\"a\":", count: 1_000_000)) }
  }

  @Test func membersAreReachedByName() {
    var value: SubmissionValue = ["a": ["b": 1, "c": "2"], "d": [1, "x"]]
    #expect(value["a"]?["b"]?.integer == 1 && value["a"]?["c"]?.integer == 2)
    #expect(value["d"]?.array == [1, "x"] && value["d"]?["a"] == nil && value["x"] == nil)
    value["a"]?["b"] = nil
    value["e"] = nil
    value["f"] = .null
    #expect(value == ["a": ["c": "2"], "d": [1, "x"], "f": nil])
  }
}
