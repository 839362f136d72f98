extension SubmissionValue {
  /// Reads JSON (RFC 8259) in UTF-8, and nothing that is only nearly JSON. Of members with the same name the last counts.
  ///
  /// - Throws: ``SubmissionError`` with code `invalidJSON`, which says where.
  public init(json bytes: [UInt8]) throws(SubmissionError) {
    var reader = SubmissionReader(bytes: bytes)
    self = try reader.document()
  }
}

/// Reads one JSON document.
private struct SubmissionReader {
  private let bytes: [UInt8]
  private var position = 0

  /// More brackets inside one another than any job has, and fewer than the stack would hold.
  private static let maximumDepth = 256

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(SubmissionError) -> SubmissionValue {
    let value = try value(depth: 0)
    skipSpaces()
    guard position == bytes.count else { throw error("there is more after the value") }
    return value
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func error(_ message: String) -> SubmissionError {
    let before = bytes[..<min(position, bytes.count)]
    let line = before.count { $0 == 0x0A } + 1
    let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
    return SubmissionError(.invalidJSON, "line \(line), byte \(column): \(message)")
  }

  private mutating func skipSpaces() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(SubmissionError) -> SubmissionValue {
    guard depth < Self.maximumDepth else { throw error("more than \(Self.maximumDepth) brackets inside one another") }
    skipSpaces()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try text())
    case UInt8(ascii: "-"), .some(0x30...0x39): return .number(try number())
    default:
      for (word, value) in [("null", SubmissionValue.null), ("true", .bool(true)), ("false", .bool(false))]
      where bytes[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
      throw error(next == nil ? "the text ends where a value is asked" : "a value is asked")
    }
  }

  private mutating func array(depth: Int) throws(SubmissionError) -> SubmissionValue {
    position += 1
    var elements: [SubmissionValue] = []
    skipSpaces()
    if take(UInt8(ascii: "]")) { return .array(elements) }
    repeat {
      elements.append(try value(depth: depth + 1))
      skipSpaces()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw error("a comma or ] is asked") }
    return .array(elements)
  }

  private mutating func object(depth: Int) throws(SubmissionError) -> SubmissionValue {
    position += 1
    var members: [String: SubmissionValue] = [:]
    skipSpaces()
    if take(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipSpaces()
      guard next == UInt8(ascii: "\"") else { throw error("the name of a member is asked") }
      let name = try text()
      skipSpaces()
      guard take(UInt8(ascii: ":")) else { throw error("a colon is asked") }
      members[name] = try value(depth: depth + 1)
      skipSpaces()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw error("a comma or } is asked") }
    return .object(members)
  }

  private mutating func number() throws(SubmissionError) -> String {
    let start = position
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) { try digits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    if let byte = next, (0x30...0x39).contains(byte) { throw error("a number does not begin with 0") }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits() throws(SubmissionError) {
    let start = position
    while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
    guard position > start else { throw error("a digit is asked") }
  }

  private mutating func text() throws(SubmissionError) -> String {
    position += 1
    var text: [UInt8] = []
    while true {
      let start = position
      while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
      text += bytes[start..<position]
      if take(UInt8(ascii: "\"")) { break }
      guard take(UInt8(ascii: "\\")) else {
        throw error(next == nil ? "a text does not end" : "a control character in a text has to be escaped")
      }
      try escape(into: &text)
    }
    guard let text = String(validating: text, as: UTF8.self) else { throw error("the text before is no UTF-8") }
    return text
  }

  private mutating func escape(into text: inout [UInt8]) throws(SubmissionError) {
    guard let letter = next else { throw error("a text does not end") }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var units = [try codeUnit()]
      if UTF16.isLeadSurrogate(units[0]), bytes[position...].starts(with: "\\u".utf8) {
        position += 2
        units.append(try codeUnit())
      }
      guard let characters = String(validating: units, as: UTF16.self) else { throw error("half a surrogate pair") }
      text += characters.utf8
    default: throw error("there is no such escape")
    }
  }

  private mutating func codeUnit() throws(SubmissionError) -> UInt16 {
    guard position + 4 <= bytes.count,
      let unit = UInt16(hexadecimal: bytes[position..<position + 4])
    else { throw error("four hexadecimal digits are asked") }
    position += 4
    return unit
  }
}

extension UInt16 {
  fileprivate init?(hexadecimal digits: ArraySlice<UInt8>) {
    guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
    self.init(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
