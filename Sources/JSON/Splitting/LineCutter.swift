#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Cuts at line feeds.
struct LineCutter: Sendable {
  let maximumDocumentBytes: Int
  private var line: Int
  // The rest of this line belongs to a document that was too long.
  private var isSkipping = false
  // The first and the last of several lines in a row that are no text.
  private var binaryLines: ClosedRange<Int>?

  init(maximumDocumentBytes: Int, firstLine: Int) {
    self.maximumDocumentBytes = maximumDocumentBytes
    line = firstLine
  }

  mutating func next(in pending: inout PendingBytes, isFinished: Bool) -> DocumentSplitter.Piece? {
    while true {
      guard let range = nextLine(in: &pending, isFinished: isFinished) else {
        return unfinished(in: &pending, isFinished: isFinished)
      }
      let first = line
      if isSkipping {
        isSkipping = false
        finishLine(range, in: &pending)
        continue
      }
      if range.count > maximumDocumentBytes {
        finishLine(range, in: &pending)
        return problem(
          on: first, "this line is longer than \(maximumDocumentBytes) bytes")
      }
      let content = Self.trimmed(range, in: pending.bytes)
      if Self.isBinary(content, in: pending.bytes, inRun: binaryLines != nil) {
        binaryLines = (binaryLines?.lowerBound ?? first)...first
        finishLine(range, in: &pending)
        continue
      }
      if let binary = takeBinaryLines() { return binary }
      finishLine(range, in: &pending)
      if !content.isEmpty {
        return DocumentSplitter.Piece(line: first, range: content, problem: nil)
      }
    }
  }

  // The line at the start of the pending bytes without its end; nil where that is not here yet.
  private func nextLine(in pending: inout PendingBytes, isFinished: Bool) -> Range<Int>? {
    let end = pending.end
    let found = pending.bytes.withUnsafeBytes { bytes -> Int? in
      guard pending.position < end, let base = bytes.baseAddress,
        let feed = memchr(base + pending.position, 0x0A, end - pending.position)
      else { return nil }
      return UnsafeRawPointer(feed) - base
    }
    if let found { return pending.start..<found }
    pending.position = end
    return isFinished && pending.start < end ? pending.start..<end : nil
  }

  private mutating func finishLine(_ range: Range<Int>, in pending: inout PendingBytes) {
    pending.position = min(range.upperBound + 1, pending.end)
    pending.drop()
    line += 1
  }

  // Keeps a line that has no end yet from growing without bound.
  private mutating func unfinished(
    in pending: inout PendingBytes, isFinished: Bool
  ) -> DocumentSplitter.Piece? {
    if isFinished { return takeBinaryLines() }
    let isLong = pending.end - pending.start > maximumDocumentBytes
    if isSkipping || isLong { pending.drop() }
    if isSkipping || !isLong { return nil }
    isSkipping = true
    return problem(on: line, "this line is longer than \(maximumDocumentBytes) bytes")
  }

  private mutating func takeBinaryLines() -> DocumentSplitter.Piece? {
    guard let lines = binaryLines else { return nil }
    binaryLines = nil
    let subject =
      lines.count == 1 ? "this line is" : "lines \(lines.lowerBound) to \(lines.upperBound) are"
    return problem(on: lines.lowerBound, "\(subject) no text")
  }

  private func problem(on line: Int, _ message: String) -> DocumentSplitter.Piece {
    DocumentSplitter.Piece(line: line, range: 0..<0, problem: message)
  }

  private static func trimmed(_ range: Range<Int>, in bytes: [UInt8]) -> Range<Int> {
    var (lower, upper) = (range.lowerBound, range.upperBound)
    while lower < upper, isSpace(bytes[lower]) { lower += 1 }
    while lower < upper, isSpace(bytes[upper - 1]) { upper -= 1 }
    return lower..<upper
  }

  // Lines that begin as documents do are the parser's to judge, unless the ones before were no text.
  private static func isBinary(_ range: Range<Int>, in bytes: [UInt8], inRun: Bool) -> Bool {
    guard let index = range.first else { return inRun }
    let begins = bytes[index] == 0x7B || bytes[index] == 0x5B
    if begins, !inRun { return false }
    // Among bytes that are no text only what also ends as a document is taken for one.
    let last = bytes[range.upperBound - 1]
    if inRun, !begins || last != bytes[index] + 2 { return true }
    return bytes[range].contains { $0 < 0x20 && !isSpace($0) }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0D || byte == 0x09
  }
}
