/// Cuts between values by following brackets and quotation marks.
///
/// It does not check the values, so that a wrong one costs no other: brackets that do not match are
/// closed with the bracket that encloses them, and a string ends with its line at the latest, because
/// no JSON string holds a line feed.
struct ValueCutter: Sendable {
  private enum State {
    /// White space, commas and list brackets between documents.
    case between
    /// Inside an array or object, or a string that is a document.
    case nested
    /// Inside a number or a word.
    case scalar
    /// Inside text that belongs to no document.
    case stray
    /// Nothing more is read.
    case ended
  }

  /// How many pieces in a row may be damaged before the rest is given up.
  static let maximumDamagedRun = 32

  let maximumDocumentBytes: Int
  private var state = State.between
  private var line: Int
  private var documentLine: Int
  private var listLine: Int?
  private var needsComma = false
  private var needsElement = false
  private var nesting = BracketNesting()
  private var token = ScalarToken(first: 0)
  private var isOversized = false
  private var isDamaged = false
  private var damagedRun = 0
  // Until the first one, text that is no JSON says that the whole file is none.
  private var hasFoundDocument = false

  init(maximumDocumentBytes: Int, firstLine: Int) {
    self.maximumDocumentBytes = maximumDocumentBytes
    (line, documentLine) = (firstLine, firstLine)
  }

  mutating func next(in pending: inout PendingBytes, isFinished: Bool) -> DocumentSplitter.Piece? {
    while state != .ended {
      if pending.position == pending.end {
        return isFinished ? finish(in: &pending) : nil
      }
      let piece =
        switch state {
        case .between: between(in: &pending)
        case .nested: nested(in: &pending)
        case .scalar: scalar(in: &pending)
        case .stray: stray(in: &pending)
        case .ended: DocumentSplitter.Piece?.none
        }
      if let piece { return judged(piece, in: pending) }
      limit(&pending)
    }
    pending.position = pending.end
    pending.drop()
    return nil
  }

  // MARK: Between documents

  private mutating func between(in pending: inout PendingBytes) -> DocumentSplitter.Piece? {
    let byte = pending.bytes[pending.position]
    switch byte {
    case 0x0A:
      line += 1
      skip(in: &pending)
    case 0x20, 0x0D, 0x09:
      skip(in: &pending)
    case 0x2C where listLine != nil:
      skip(in: &pending)
      let isMissing = !needsComma
      (needsComma, needsElement) = (false, true)
      if isMissing { return problem("an element is missing before this comma") }
    case 0x5D where listLine != nil:
      skip(in: &pending)
      let isMissing = needsElement
      (listLine, needsComma, needsElement) = (nil, false, false)
      if isMissing { return problem("an element is missing before the end of the list") }
    case 0x5B where listLine == nil:
      listLine = line
      skip(in: &pending)
    case 0x22, 0x2D, 0x30...0x39, 0x5B, 0x66, 0x6E, 0x74, 0x7B:
      let lacksComma = needsComma
      (needsComma, needsElement) = (false, false)
      documentLine = line
      if lacksComma { return problem("a comma is missing before this element") }
      begin(with: byte)
    default:
      documentLine = line
      if listLine == nil, !hasFoundDocument {
        return givenUp("this is no JSON, nothing from here on was read")
      }
      state = .stray
    }
    return nil
  }

  private mutating func begin(with byte: UInt8) {
    isDamaged = false
    switch byte {
    case 0x22, 0x5B, 0x7B:
      nesting = BracketNesting()
      state = .nested
    default:
      token = ScalarToken(first: byte)
      state = .scalar
    }
  }

  private func skip(in pending: inout PendingBytes) {
    pending.position += 1
    pending.drop()
  }

  // MARK: Inside documents

  private mutating func nested(in pending: inout PendingBytes) -> DocumentSplitter.Piece? {
    let end = min(pending.end, pending.position + maximumDocumentBytes)
    let outcome = pending.bytes.withUnsafeBytes { bytes in
      nesting.follow(
        UnsafeRawBufferPointer(rebasing: bytes[pending.position..<end]),
        closesList: listLine != nil)
    }
    pending.position += outcome.consumed
    line += outcome.lines
    isDamaged = isDamaged || outcome.isDamaged
    return outcome.isComplete ? document(in: &pending) : nil
  }

  private mutating func scalar(in pending: inout PendingBytes) -> DocumentSplitter.Piece? {
    while pending.position < pending.end {
      switch token.follow(pending.bytes[pending.position]) {
      case .goesOn: pending.position += 1
      case .hasEnded: return document(in: &pending)
      case .isNone:
        state = .stray
        return nil
      }
    }
    return nil
  }

  // MARK: Text that is no document

  private mutating func stray(in pending: inout PendingBytes) -> DocumentSplitter.Piece? {
    while pending.position < pending.end {
      let byte = pending.bytes[pending.position]
      let endsHere =
        switch byte {
        case 0x7B, 0x2C, 0x5D: listLine != nil
        case 0x0A: listLine == nil
        default: false
        }
      if endsHere { return strayText(in: &pending) }
      if byte == 0x0A { line += 1 }
      pending.position += 1
      if pending.position - pending.start >= 4096 { pending.drop() }
    }
    return nil
  }

  private mutating func strayText(in pending: inout PendingBytes) -> DocumentSplitter.Piece {
    pending.drop()
    state = .between
    isOversized = false
    // In a list it stands in place of an element.
    needsComma = listLine != nil && pending.bytes[pending.position] != 0x7B
    needsElement = false
    isDamaged = true
    return DocumentSplitter.Piece(
      line: documentLine, range: 0..<0,
      problem: listLine == nil
        ? "this text is no JSON value" : "this text between the elements is no JSON value")
  }

  // MARK: Ends

  private mutating func document(in pending: inout PendingBytes) -> DocumentSplitter.Piece {
    let range = pending.start..<pending.position
    pending.drop()
    state = .between
    needsComma = listLine != nil
    let isTooLong = isOversized || range.count > maximumDocumentBytes
    isOversized = false
    return DocumentSplitter.Piece(
      line: documentLine, range: isTooLong ? 0..<0 : range,
      problem: isTooLong ? "this value is longer than \(maximumDocumentBytes) bytes" : nil)
  }

  // Keeps a document that has no end yet from growing without bound.
  private mutating func limit(_ pending: inout PendingBytes) {
    guard state == .nested || state == .scalar,
      isOversized || pending.position - pending.start > maximumDocumentBytes
    else { return }
    isOversized = true
    pending.drop()
  }

  private mutating func finish(in pending: inout PendingBytes) -> DocumentSplitter.Piece? {
    switch state {
    case .nested: return judged(document(in: &pending), in: pending)
    case .scalar:
      let piece = token.isWhole ? document(in: &pending) : strayText(in: &pending)
      return judged(piece, in: pending)
    case .stray: return judged(strayText(in: &pending), in: pending)
    case .between, .ended:
      state = .ended
      guard let listLine else { return nil }
      self.listLine = nil
      return DocumentSplitter.Piece(
        line: listLine, range: 0..<0, problem: "the list that begins here is never closed")
    }
  }

  private mutating func problem(_ message: String) -> DocumentSplitter.Piece {
    DocumentSplitter.Piece(line: line, range: 0..<0, problem: message)
  }

  // Counts damaged pieces in a row, and gives up after too many.
  private mutating func judged(
    _ piece: DocumentSplitter.Piece, in pending: PendingBytes
  ) -> DocumentSplitter.Piece {
    if piece.problem == nil, !isDamaged {
      if listLine != nil || Self.beginsAsObject(pending.bytes[piece.range]) {
        damagedRun = 0
        hasFoundDocument = true
      }
      return piece
    }
    isDamaged = false
    damagedRun += 1
    if damagedRun < Self.maximumDamagedRun { return piece }
    documentLine = piece.line
    return givenUp("too much here is no JSON: nothing from this line on was read")
  }

  private mutating func givenUp(_ why: String) -> DocumentSplitter.Piece {
    state = .ended
    listLine = nil
    return DocumentSplitter.Piece(line: documentLine, range: 0..<0, problem: why)
  }

  private static func beginsAsObject(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.first == 0x7B else { return false }
    let next = bytes.dropFirst().first { ![0x20, 0x0A, 0x0D, 0x09].contains($0) }
    return next == 0x22 || next == 0x7D
  }
}
