import JSON
import Testing

@Suite("Blocks of lines")
struct LineBlocksTests {
  @Test(
    "blocks hold the same documents as the whole, on the same lines", arguments: [1, 7, 30, 64, 1000], [1, 5, 1000])
  func sameDocuments(blockBytes: Int, readBytes: Int) {
    let lines = (0..<60).map {
      "{\"a\":\($0)}" + String(repeating: " ", count: $0 % 40) + ($0 % 7 == 0 ? "\r\n\n" : "\n")
    }
    let text = lines.joined() + "[\"" + String(repeating: "long", count: 20) + "\"]\n2\n\"last\""
    let whole = DocumentSplitterTests.split(text, .lines, maximum: 60)
    var rest = Array(text.utf8)[...]
    var blocks = LineBlocks(blockBytes: blockBytes, maximumDocumentBytes: 60)
    var found: [String] = []
    var block = LineBlocks.Block()
    var splitter = DocumentSplitter(layout: .lines, maximumDocumentBytes: 60)
    while blocks.next(
      into: &block,
      { buffer in
        let part = rest.prefix(min(readBytes, buffer.count))
        buffer.copyBytes(from: part)
        rest = rest.dropFirst(part.count)
        return part.count
      })
    {
      splitter.restart(firstLine: block.firstLine)
      block.bytes.withUnsafeBytes { splitter.append($0) }
      splitter.finish()
      while let document = splitter.next() {
        found.append(
          "\(document.line)"
            + (document.problem.map { "!" + $0 }
              ?? ":" + String(decoding: document.bytes, as: UTF8.self)))
      }
    }
    #expect(found == whole)
  }
}
