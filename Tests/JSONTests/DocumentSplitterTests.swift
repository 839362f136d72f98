import JSON
import Testing

@Suite("Splitting a stream into documents")
struct DocumentSplitterTests {
  /// What comes out: `line:text` or `line!problem`.
  static func split(
    _ text: String, _ layout: DocumentSplitter.Layout, chunk: Int = .max, maximum: Int = 1000
  ) -> [String] {
    var splitter = DocumentSplitter(layout: layout, maximumDocumentBytes: maximum)
    var result: [String] = []
    func drain() {
      while let document = splitter.next() {
        result.append(
          "\(document.line)"
            + (document.problem.map { "!" + $0 }
              ?? ":" + String(decoding: document.bytes, as: UTF8.self)))
      }
    }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      Array(rest.prefix(chunk)).withUnsafeBytes { splitter.append($0) }
      rest = rest.dropFirst(min(chunk, rest.count))
      drain()
    }
    splitter.finish()
    drain()
    return result
  }

  @Test("each line is a document, and blank lines are none", arguments: [1, 2, 3, .max])
  func lines(chunk: Int) {
    #expect(
      Self.split("{\"a\":1}\r\n\n  \n[2]\n3", .lines, chunk: chunk)
        == ["1:{\"a\":1}", "4:[2]", "5:3"])
  }

  @Test("a list's elements and values behind one another are documents", arguments: [1, 2, 3, .max])
  func values(chunk: Int) {
    #expect(
      Self.split("[{\"a\": \"]\\\"}\"},\n [1],\n2 ,true]\n{}\n\"x y\" 7 [8]", .values, chunk: chunk)
        == [
          "1:{\"a\": \"]\\\"}\"}", "2:[1]", "3:2", "3:true", "4:{}", "5:\"x y\"", "5:7", "5:8",
        ])
  }

  @Test("a bad element leaves the good ones alone", arguments: [1, 5, .max])
  func badElements(chunk: Int) {
    #expect(
      Self.split("[{\"a\":[1}, {\"b\":2}, {\"c\": \"x\n}, {\"d\":4}, oops, {\"e\":5}]", .values, chunk: chunk)
        == [
          "1:{\"a\":[1}", "1:{\"b\":2}", "1:{\"c\": \"x\n}", "2:{\"d\":4}",
          "2!this text between the elements is no JSON value", "2:{\"e\":5}",
        ])
  }

  @Test("commas too few or too many are problems", arguments: [1, .max])
  func commas(chunk: Int) {
    #expect(
      Self.split("[1,,2 3,]", .values, chunk: chunk) == [
        "1:1", "1!an element is missing before this comma", "1:2",
        "1!a comma is missing before this element", "1:3",
        "1!an element is missing before the end of the list",
      ])
  }

  @Test("a list that is never closed is a problem of the line where it begins")
  func openList() {
    #expect(
      Self.split("\n[1,\n{\"a\":", .values) == [
        "2:1", "3:{\"a\":", "2!the list that begins here is never closed",
      ])
  }

  @Test("documents over the limit are dropped and named", arguments: [1, 7, .max])
  func limit(chunk: Int) {
    let long = String(repeating: "x", count: 40)
    #expect(
      Self.split("1\n\"\(long)\"\n2\n", .lines, chunk: chunk, maximum: 20)
        == ["1:1", "2!this line is longer than 20 bytes", "3:2"])
    #expect(
      Self.split("[1,\n[\"\(long)\"],\n2]", .values, chunk: chunk, maximum: 20)
        == ["1:1", "2!this value is longer than 20 bytes", "3:2"])
  }

  @Test("garbage makes very few problems and no bytes pile up", arguments: [true, false])
  func garbage(hasLines: Bool) {
    var generator = SystemRandomNumberGenerator()
    for layout in [DocumentSplitter.Layout.lines, .values] {
      var splitter = DocumentSplitter(layout: layout, maximumDocumentBytes: 1 << 16)
      var count = 0
      for _ in 0..<200 {
        let chunk = (0..<10_000).map { _ in
          let byte = UInt8.random(in: 0...255, using: &generator)
          return byte == 0x0A && !hasLines ? 0 : byte
        }
        chunk.withUnsafeBytes { splitter.append($0) }
        while splitter.next() != nil { count += 1 }
      }
      splitter.finish()
      while splitter.next() != nil { count += 1 }
      #expect(count > 0 && count < 100)
    }
  }
}
