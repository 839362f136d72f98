/// Character references: `&amp;`, `&#38;`, `&#x26;`.
enum CharacterReference {
  /// The named ones that matter for where a link leads, and those that people write.
  private static let names: [String: String] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "colon": ":", "sol": "/",
    "bsol": "\\", "Tab": "\t", "NewLine": "\n", "period": ".", "num": "#", "quest": "?", "equals": "=", "lpar": "(",
    "rpar": ")", "percnt": "%", "commat": "@", "AMP": "&", "LT": "<", "GT": ">", "QUOT": "\"",
  ]

  /// The text that references stand for; what is none, or one that is not known, stays as it is.
  static func resolved(_ bytes: ArraySlice<UInt8>) -> String {
    guard bytes.contains(UInt8(ascii: "&")) else { return String(decoding: bytes, as: UTF8.self) }
    var text: [UInt8] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if bytes[index] == UInt8(ascii: "&"), let (replacement, end) = reference(bytes, at: index) {
        text += replacement.utf8
        index = end
      } else {
        text.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Where a reference ends that a browser resolves whatever it is called; nil where there is none.
  static func end(_ bytes: ArraySlice<UInt8>, at start: Int) -> Int? {
    var index = start + 1
    if index < bytes.endIndex, bytes[index] == UInt8(ascii: "#") { return reference(bytes, at: start)?.end }
    while index < bytes.endIndex, isAlphanumeric(bytes[index]) { index += 1 }
    guard index > start + 1, index < bytes.endIndex, bytes[index] == UInt8(ascii: ";") else { return nil }
    return index + 1
  }

  private static func reference(_ bytes: ArraySlice<UInt8>, at start: Int) -> (String, end: Int)? {
    var index = start + 1
    guard index < bytes.endIndex else { return nil }
    if bytes[index] == UInt8(ascii: "#") {
      index += 1
      var radix: UInt32 = 10
      if index < bytes.endIndex, bytes[index] | 0x20 == UInt8(ascii: "x") {
        radix = 16
        index += 1
      }
      let first = index
      var value: UInt32 = 0
      while index < bytes.endIndex, let digit = digit(bytes[index], radix) {
        value = min(value * radix + digit, 0x11_0000)
        index += 1
      }
      guard index > first else { return nil }
      // The semicolon may be missing.
      if index < bytes.endIndex, bytes[index] == UInt8(ascii: ";") { index += 1 }
      let scalar = value == 0 ? nil : Unicode.Scalar(value)
      return (String(scalar ?? "\u{FFFD}"), index)
    }
    while index < bytes.endIndex, isAlphanumeric(bytes[index]) { index += 1 }
    guard index < bytes.endIndex, bytes[index] == UInt8(ascii: ";"),
      let replacement = names[String(decoding: bytes[(start + 1)..<index], as: UTF8.self)]
    else { return nil }
    return (replacement, index + 1)
  }

  private static func digit(_ byte: UInt8, _ radix: UInt32) -> UInt32? {
    switch byte {
    case 48...57: UInt32(byte - 48)
    case 65...70 where radix == 16: UInt32(byte - 55)
    case 97...102 where radix == 16: UInt32(byte - 87)
    default: nil
    }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...122).contains(byte | 0x20)
  }
}
