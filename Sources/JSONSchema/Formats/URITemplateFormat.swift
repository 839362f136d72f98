/// URI templates of RFC 6570, section 2.
enum URITemplateFormat {
  static func matches(_ text: inout TextCursor) -> Bool {
    while let byte = text.next() {
      switch byte {
      case 0x7B:
        guard takeExpression(&text) else { return false }
      case 0x25:
        guard takeEscape(&text) else { return false }
      // Control characters, the space and what has a meaning for others.
      case ..<0x21, 0x22, 0x3C, 0x3E, 0x5C, 0x5E, 0x60, 0x7C, 0x7D, 0x7F: return false
      default: break
      }
    }
    return true
  }

  private static func takeExpression(_ text: inout TextCursor) -> Bool {
    let operators: [UInt8] = Array("+#./;?&=,!@|".utf8)
    if let byte = text.peek, operators.contains(byte) { _ = text.next() }
    repeat {
      guard takeVariable(&text) else { return false }
    } while text.take(0x2C)
    return text.take(0x7D)
  }

  private static func takeVariable(_ text: inout TextCursor) -> Bool {
    repeat {
      guard takeNamePart(&text) else { return false }
    } while text.take(0x2E)
    if text.take(0x2A) { return true }
    if text.take(0x3A) {
      let startsWithZero = text.peek == 0x30
      return (1...4).contains(text.skip(while: ASCII.isDigit)) && !startsWithZero
    }
    return true
  }

  private static func takeNamePart(_ text: inout TextCursor) -> Bool {
    var count = 0
    while let byte = text.peek {
      if ASCII.isAlphanumeric(byte) || byte == 0x5F {
        _ = text.next()
      } else if byte == 0x25 {
        _ = text.next()
        guard takeEscape(&text) else { return false }
      } else {
        break
      }
      count += 1
    }
    return count > 0
  }

  private static func takeEscape(_ text: inout TextCursor) -> Bool {
    guard let first = text.next(), let second = text.next() else { return false }
    return ASCII.isHexadecimal(first) && ASCII.isHexadecimal(second)
  }
}
