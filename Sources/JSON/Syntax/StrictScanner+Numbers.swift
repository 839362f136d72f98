extension StrictScanner {
  /// Reads a number; true where it is an integer beyond 64 bits that the policy lets pass.
  mutating func scanNumber() throws(Problem) -> Bool {
    let start = position
    if peek == 0x2D { position += 1 }
    if peek == 0x30 {
      position += 1
      if let byte = peek, Self.isDigit(byte) {
        throw Problem(offset: start, message: "a number has no zero before its digits")
      }
    } else {
      try scanDigits()
    }
    var isInteger = true
    if peek == 0x2E {
      isInteger = false
      position += 1
      try scanDigits()
    }
    if let byte = peek, byte | 0x20 == 0x65 {
      isInteger = false
      position += 1
      if let sign = peek, sign == 0x2B || sign == 0x2D { position += 1 }
      try scanDigits()
    }
    if let next = peek, Self.isWordByte(next) || next == 0x2E || next == 0x2B || next == 0x2D {
      throw unexpected("the end of the number")
    }
    return try checkRange(from: start, isInteger: isInteger)
  }

  private func checkRange(from start: Int, isInteger: Bool) throws(Problem) -> Bool {
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, Int64(text) != nil || UInt64(text) != nil { return false }
    guard let double = Double(text), double.isFinite else {
      throw Problem(offset: start, message: "this number is beyond the range of a double")
    }
    if !isInteger { return false }
    if numbers == .strict {
      throw Problem(offset: start, message: "this integer does not fit 64 bits")
    }
    return true
  }

  private mutating func scanDigits() throws(Problem) {
    guard let byte = peek, Self.isDigit(byte) else { throw unexpected("a digit") }
    while let byte = peek, Self.isDigit(byte) { position += 1 }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
