/// Reads the bytes of a string from the left.
struct TextCursor {
  private let bytes: UnsafeBufferPointer<UInt8>
  private(set) var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  /// The next byte; nil at the end.
  var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// What was not read yet.
  var rest: Slice<UnsafeBufferPointer<UInt8>> { bytes[position...] }

  /// The next byte, stepping behind it; nil at the end.
  mutating func next() -> UInt8? {
    guard let byte = peek else { return nil }
    position += 1
    return byte
  }

  /// Steps behind the next byte where it is this one.
  mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  /// Steps behind the bytes that a condition holds for, and says how many.
  mutating func skip(while isWanted: (UInt8) -> Bool) -> Int {
    let start = position
    while let byte = peek, isWanted(byte) { position += 1 }
    return position - start
  }

  /// Reads a number of exactly so many decimal digits; nil where they are not there.
  mutating func number(digits: Int) -> Int? {
    guard bytes.count - position >= digits else { return nil }
    var value = 0
    for offset in position..<position + digits {
      guard ASCII.isDigit(bytes[offset]) else { return nil }
      value = value * 10 + Int(bytes[offset] & 15)
    }
    position += digits
    return value
  }
}

/// The classes of ASCII characters that formats are made of.
enum ASCII {
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

  static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }

  static func isHexadecimal(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20) &- 0x61 < 6
  }
}
