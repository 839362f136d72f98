/// IP addresses.
enum AddressFormat {
  typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

  /// Four decimal numbers without zeros before them, RFC 2673, section 3.2.
  static func matchesIPv4(_ bytes: Bytes) -> Bool {
    var text = TextCursor(UnsafeBufferPointer(rebasing: bytes))
    for part in 0..<4 {
      if part > 0, !text.take(0x2E) { return false }
      let startsWithZero = text.peek == 0x30
      var value = 0
      var digits = 0
      while let byte = text.peek, ASCII.isDigit(byte), digits < 3 {
        _ = text.next()
        value = value * 10 + Int(byte & 15)
        digits += 1
      }
      if digits == 0 || value > 255 || startsWithZero && digits > 1 { return false }
    }
    return text.isAtEnd
  }

  /// RFC 4291, section 2.2, without a zone.
  static func matchesIPv6(_ bytes: Bytes) -> Bool {
    var groups = 0
    var hasGap = false
    var index = bytes.startIndex
    let end = bytes.endIndex
    func isGap(_ index: Int) -> Bool {
      index + 1 < end && bytes[index] == 0x3A && bytes[index + 1] == 0x3A
    }
    while index < end {
      if isGap(index) {
        if hasGap { return false }
        hasGap = true
        index += 2
        continue
      }
      if groups > 0, !(hasGap && isGap(index - 2)) {
        guard bytes[index] == 0x3A else { return false }
        index += 1
      }
      let group = bytes[index...].prefix(while: ASCII.isHexadecimal)
      if group.endIndex < end, bytes[group.endIndex] == 0x2E {
        groups += 2
        guard matchesIPv4(bytes[index...]) else { return false }
        index = end
        break
      }
      guard (1...4).contains(group.count) else { return false }
      groups += 1
      index = group.endIndex
    }
    return hasGap ? groups <= 7 : groups == 8
  }
}
