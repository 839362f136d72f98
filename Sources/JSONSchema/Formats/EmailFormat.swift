/// Mailboxes of RFC 5321, section 4.1.2.
enum EmailFormat {
  static func matches(_ text: inout TextCursor) -> Bool {
    let hasLocalPart = text.peek == 0x22 ? takeQuoted(&text) : takeAtoms(&text)
    guard hasLocalPart, text.position <= 64, text.take(0x40) else { return false }
    let domain = text.rest
    guard domain.first == 0x5B, domain.last == 0x5D, domain.count > 2 else {
      return HostnameFormat.matches(domain)
    }
    let literal = domain.dropFirst().dropLast()
    let tag = "IPv6:".utf8
    let isVersion6 =
      literal.count > tag.count
      && zip(literal, tag).allSatisfy { $0 | 0x20 == $1 | 0x20 }
    return isVersion6
      ? AddressFormat.matchesIPv6(literal.dropFirst(tag.count))
      : AddressFormat.matchesIPv4(literal)
  }

  private static func takeAtoms(_ text: inout TextCursor) -> Bool {
    repeat {
      if text.skip(while: isAtomByte) == 0 { return false }
    } while text.take(0x2E)
    return true
  }

  private static func takeQuoted(_ text: inout TextCursor) -> Bool {
    _ = text.next()
    while let byte = text.next() {
      switch byte {
      case 0x22: return true
      case 0x5C:
        guard let escaped = text.next(), (0x20...0x7E).contains(escaped) else {
          return false
        }
      case 0x20...0x7E: break
      default: return false
      }
    }
    return false
  }

  private static func isAtomByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2F, 0x3D, 0x3F, 0x5E...0x60, 0x7B...0x7E: true
    default: ASCII.isAlphanumeric(byte)
    }
  }
}
