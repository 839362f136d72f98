/// Shows pieces of a document inside a message: short, on one line, without control characters.
package enum JSONExcerpt {
  /// The longest run of characters of a value that a message repeats.
  package static let maximumCharacters = 60

  /// A string in quotation marks, cut where it is long.
  package static func quoted(_ bytes: some Collection<UInt8>) -> String {
    // Four bytes a scalar and one to see that there is more.
    let head = String(decoding: bytes.prefix(4 * (maximumCharacters + 1)), as: UTF8.self)
    var kept = Array(String(String.UnicodeScalarView(head.unicodeScalars.prefix(maximumCharacters))).utf8)
    let isCut = head.unicodeScalars.count > maximumCharacters
    if isCut { kept.append(contentsOf: "…".utf8) }
    var result: [UInt8] = []
    kept.withUnsafeBufferPointer { JSONValue.append(quoted: $0, to: &result) }
    return String(decoding: result, as: UTF8.self)
  }

  /// The character at an offset in quotation marks, or its number where it cannot be shown.
  static func character(in bytes: UnsafeRawBufferPointer, at offset: Int) -> String {
    let head = String(decoding: bytes[offset..<min(offset + 4, bytes.count)], as: UTF8.self)
    guard let scalar = head.unicodeScalars.first else { return "the end" }
    if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "the control character U+" + String(repeating: "0", count: 4 - digits.count)
        + digits
    }
    if scalar == "\u{FFFD}" { return "a byte that is not UTF-8" }
    return scalar == "\"" ? "a quotation mark" : "\"\(scalar)\""
  }
}
