/// Cuts a stream of bytes into documents, chunk by chunk, in constant memory.
///
/// It does no input of its own and does not parse: what it hands out is one document's text, right or
/// wrong. Bytes that belong to no document come out as documents with a ``Document/problem``; after
/// many of them in a row it gives up, so that a file that is no JSON at all costs a few messages and
/// not one for every line.
///
/// It keeps the bytes of the document it is in, at most `maximumDocumentBytes`, and the chunks not
/// handed out yet: call ``next()`` until it returns nil after every ``append(_:)``.
public struct DocumentSplitter: Sendable {
  /// How documents follow one another.
  public enum Layout: Sendable {
    /// One document a line, as in a `.jsonl` file; blank lines are skipped.
    case lines
    /// One value, a list whose elements are the documents, or several of these one after another.
    case values
  }

  /// One document's text, or what stands in place of one.
  public struct Document: Sendable {
    /// The line on which it begins, from 1.
    public let line: Int
    /// Its text; empty where there is a problem.
    public let bytes: [UInt8]
    /// Why there is no document here: too long, never closed, or text that belongs to none.
    public let problem: String?
  }

  private var pending = PendingBytes()
  private var lines: LineCutter
  private var values: ValueCutter
  private let layout: Layout
  private var isFinished = false
  // Whether a byte order mark was looked for, which only a whole file can begin with.
  private var hasBegun: Bool

  /// Makes a splitter for one stream.
  ///
  /// - Parameters:
  ///   - layout: How documents follow one another in it.
  ///   - maximumDocumentBytes: A longer document is dropped and becomes a problem.
  ///   - firstLine: The number of the stream's first line, for a stream that is a part of a file.
  public init(layout: Layout, maximumDocumentBytes: Int = 16 << 20, firstLine: Int = 1) {
    self.layout = layout
    hasBegun = firstLine > 1
    lines = LineCutter(maximumDocumentBytes: maximumDocumentBytes, firstLine: firstLine)
    values = ValueCutter(maximumDocumentBytes: maximumDocumentBytes, firstLine: firstLine)
  }

  /// Begins another stream with the same memory.
  ///
  /// - Parameter firstLine: The number of the stream's first line.
  public mutating func restart(firstLine: Int = 1) {
    pending.removeAll()
    lines = LineCutter(maximumDocumentBytes: lines.maximumDocumentBytes, firstLine: firstLine)
    values = ValueCutter(
      maximumDocumentBytes: values.maximumDocumentBytes, firstLine: firstLine)
    (isFinished, hasBegun) = (false, firstLine > 1)
  }

  /// Adds the stream's next bytes.
  public mutating func append(_ chunk: UnsafeRawBufferPointer) {
    pending.append(chunk)
  }

  /// Says that the stream has ended.
  public mutating func finish() {
    isFinished = true
  }

  /// The next document; nil where more bytes are needed, and at the end.
  public mutating func next() -> Document? {
    guard let piece = cut() else { return nil }
    return Document(
      line: piece.line, bytes: Array(pending.bytes[piece.range]), problem: piece.problem)
  }

  /// Hands the next document to a closure without a copy; nil where more bytes are needed, and at
  /// the end.
  ///
  /// Behind the text ``JSONParser/padding`` more bytes can be read, as
  /// ``JSONParser/withDocument(ofPadded:_:)`` asks.
  ///
  /// - Parameter body: Receives the line on which the document begins, its text, and the problem
  ///   in place of one. The text must not leave the closure.
  public mutating func withNext<R>(
    _ body: (_ line: Int, _ bytes: UnsafeRawBufferPointer, _ problem: String?) throws -> R
  ) rethrows -> R? {
    guard let piece = cut() else { return nil }
    return try pending.bytes.withUnsafeBytes {
      try body(
        piece.line, UnsafeRawBufferPointer(rebasing: $0[piece.range]), piece.problem)
    }
  }

  private mutating func cut() -> Piece? {
    if !hasBegun {
      guard let begins = pending.skipByteOrderMark(isFinished: isFinished) else { return nil }
      hasBegun = begins
    }
    switch layout {
    case .lines: return lines.next(in: &pending, isFinished: isFinished)
    case .values: return values.next(in: &pending, isFinished: isFinished)
    }
  }

  /// A document as a part of the pending bytes.
  struct Piece {
    let line: Int
    let range: Range<Int>
    let problem: String?
  }
}
