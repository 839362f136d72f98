/// Host names of RFC 1123, section 2.1.
enum HostnameFormat {
  static func matches(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard (1...253).contains(bytes.count) else { return false }
    var label = 0
    var last: UInt8 = 0x2E
    for byte in bytes {
      if byte == 0x2E {
        if label == 0 || last == 0x2D { return false }
        label = 0
      } else {
        let isAllowed = ASCII.isAlphanumeric(byte) || byte == 0x2D && label > 0
        label += 1
        if !isAllowed || label > 63 { return false }
      }
      last = byte
    }
    return label > 0 && last != 0x2D
  }
}
