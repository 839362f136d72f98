/// JSON pointers of RFC 6901, section 3.
enum JSONPointerFormat {
  static func matches(_ string: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = string.first else { return true }
    if first != 0x2F { return false }
    for (index, byte) in string.enumerated() where byte == 0x7E {
      guard index + 1 < string.count, [0x30, 0x31].contains(string[index + 1]) else {
        return false
      }
    }
    return true
  }
}
