extension StrictScanner {
  /// Reads a string from its opening quotation mark and returns its bytes, escapes resolved.
  mutating func scanString() throws(Problem) -> [UInt8] {
    let start = position
    position += 1
    var result: [UInt8] = []
    while let byte = peek {
      switch byte {
      case 0x22:
        position += 1
        return result
      case 0x5C:
        try scanEscape(into: &result)
      case ..<0x20:
        let shown = JSONExcerpt.character(in: bytes, at: position)
        throw Problem(
          offset: position, message: "\(shown) must be escaped inside a string")
      case ..<0x80:
        result.append(byte)
        position += 1
      default:
        let count = try validLength()
        result.append(contentsOf: bytes[position..<position + count])
        position += count
      }
    }
    throw Problem(offset: start, message: "this string is never closed")
  }

  private mutating func scanEscape(into result: inout [UInt8]) throws(Problem) {
    let start = position
    position += 1
    guard let byte = peek else {
      throw Problem(offset: start, message: "the text ends inside an escape")
    }
    position += 1
    switch byte {
    case 0x22, 0x5C, 0x2F: result.append(byte)
    case 0x62: result.append(0x08)
    case 0x66: result.append(0x0C)
    case 0x6E: result.append(0x0A)
    case 0x72: result.append(0x0D)
    case 0x74: result.append(0x09)
    case 0x75:
      let scalar = try scanUnicodeEscape(from: start)
      result.append(contentsOf: String(Character(scalar)).utf8)
    default:
      let shown = JSONExcerpt.character(in: bytes, at: start + 1)
      throw Problem(offset: start, message: "a backslash before \(shown) is no escape")
    }
  }

  private mutating func scanUnicodeEscape(from start: Int) throws(Problem) -> Unicode.Scalar {
    let first = try scanFourDigits(from: start)
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, peek == 0x5C, position + 1 < bytes.count,
      bytes[position + 1] == 0x75
    else {
      throw Problem(offset: start, message: "this escape is half of a surrogate pair")
    }
    let secondStart = position
    position += 2
    let second = try scanFourDigits(from: secondStart)
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else {
      throw Problem(offset: start, message: "this escape is half of a surrogate pair")
    }
    return scalar
  }

  private mutating func scanFourDigits(from start: Int) throws(Problem) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw Problem(
          offset: start, message: "four hexadecimal digits are asked after \\u")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  // The length of the UTF-8 sequence at the position, by table 3-7 of the Unicode Standard.
  private func validLength() throws(Problem) -> Int {
    let first = bytes[position]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: throw Problem(offset: position, message: "these bytes are not UTF-8")
    }
    guard position + length <= bytes.count, second.contains(bytes[position + 1]),
      bytes[position + 2..<max(position + 2, position + length)].allSatisfy({
        $0 & 0xC0 == 0x80
      })
    else {
      throw Problem(offset: position, message: "these bytes are not UTF-8")
    }
    return length
  }
}
