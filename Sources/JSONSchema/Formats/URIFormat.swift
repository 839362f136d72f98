/// URIs and references of RFC 3986.
enum URIFormat {
  typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

  static func matches(_ bytes: Bytes, needsScheme: Bool) -> Bool {
    var rest = bytes
    if let hash = rest.firstIndex(of: 0x23) {
      guard isMade(of: query, rest[(hash + 1)...]) else { return false }
      rest = rest[..<hash]
    }
    if let mark = rest.firstIndex(of: 0x3F) {
      guard isMade(of: query, rest[(mark + 1)...]) else { return false }
      rest = rest[..<mark]
    }
    // Before the first slash a colon ends the scheme, and can be nothing else.
    let firstSegment = rest.prefix { $0 != 0x2F }
    if let colon = firstSegment.firstIndex(of: 0x3A) {
      guard isScheme(rest[..<colon]) else { return false }
      rest = rest[(colon + 1)...]
    } else if needsScheme {
      return false
    }
    if rest.starts(with: [0x2F, 0x2F]) {
      rest = rest.dropFirst(2)
      let end = rest.firstIndex(of: 0x2F) ?? rest.endIndex
      guard isAuthority(rest[..<end]) else { return false }
      rest = rest[end...]
    }
    return isMade(of: path, rest)
  }

  private static func isScheme(_ bytes: Bytes) -> Bool {
    guard let first = bytes.first, ASCII.isLetter(first) else { return false }
    return bytes.allSatisfy {
      ASCII.isAlphanumeric($0) || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E
    }
  }

  private static func isAuthority(_ bytes: Bytes) -> Bool {
    var host = bytes
    if let at = host.lastIndex(of: 0x40) {
      guard isMade(of: userInformation, host[..<at]) else {
        return false
      }
      host = host[(at + 1)...]
    }
    if host.first == 0x5B {
      guard let end = host.firstIndex(of: 0x5D) else { return false }
      let port = host[(end + 1)...]
      return isLiteral(host[(host.startIndex + 1)..<end])
        && (port.isEmpty || port.first == 0x3A && port.dropFirst().allSatisfy(ASCII.isDigit))
    }
    if let colon = host.lastIndex(of: 0x3A) {
      guard host[(colon + 1)...].allSatisfy(ASCII.isDigit) else { return false }
      host = host[..<colon]
    }
    return isMade(of: registeredName, host)
  }

  // An IPv6 address, or one of a later version.
  private static func isLiteral(_ bytes: Bytes) -> Bool {
    guard let first = bytes.first, first | 0x20 == 0x76 else {
      return AddressFormat.matchesIPv6(bytes)
    }
    let version = bytes.dropFirst().prefix(while: ASCII.isHexadecimal)
    let rest = bytes[version.endIndex...]
    return !version.isEmpty && rest.first == 0x2E && rest.count > 1
      && rest.dropFirst().allSatisfy { $0 != 0x25 && registeredName.contains($0) || $0 == 0x3A }
  }

  // Whether all bytes are allowed, with percent escapes that are whole.
  private static func isMade(of allowed: ByteSet, _ bytes: Bytes) -> Bool {
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if bytes[index] == 0x25 {
        guard index + 2 < bytes.endIndex, ASCII.isHexadecimal(bytes[index + 1]),
          ASCII.isHexadecimal(bytes[index + 2])
        else { return false }
        index += 3
      } else {
        guard allowed.contains(bytes[index]) else { return false }
        index += 1
      }
    }
    return true
  }

  // Unreserved characters and sub-delimiters.
  private static let registeredName = ByteSet { byte in
    switch byte {
    case 0x21, 0x24, 0x26...0x2E, 0x3B, 0x3D, 0x5F, 0x7E: true
    default: ASCII.isAlphanumeric(byte)
    }
  }

  private static let userInformation = ByteSet { registeredName.contains($0) || $0 == 0x3A }
  private static let path = ByteSet { registeredName.contains($0) || [0x2F, 0x3A, 0x40].contains($0) }
  private static let query = ByteSet { path.contains($0) || $0 == 0x3F }
}

/// A set of ASCII bytes as 128 bits: one look-up a byte, where comparisons take several.
private struct ByteSet {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  init(_ isMember: (UInt8) -> Bool) {
    for byte: UInt8 in 0..<64 where isMember(byte) { low |= 1 << UInt64(byte) }
    for byte: UInt8 in 64..<128 where isMember(byte) { high |= 1 << UInt64(byte - 64) }
  }

  @inline(__always)
  func contains(_ byte: UInt8) -> Bool {
    byte < 128 && (byte < 64 ? low : high) >> UInt64(byte & 63) & 1 == 1
  }
}
