/// HTML as bytes, written from the front to the end: for what is too much to go through templates.
struct HTMLWriter {
  /// What was written.
  private(set) var bytes: [UInt8] = []

  /// Writes nothing yet.
  ///
  /// - Parameter capacity: about how many bytes there will be.
  init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

  /// Writes markup of the program's own.
  @inline(__always)
  mutating func markup(_ html: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: html.utf8Start, count: html.utf8CodeUnitCount))
  }

  /// Writes what is HTML already.
  @inline(__always)
  mutating func html(_ html: some Sequence<UInt8>) { bytes.append(contentsOf: html) }

  /// Writes text: between tags, or in an attribute's quotes of either kind.
  mutating func text(_ text: String) {
    var text = text
    text.withUTF8 { self.text($0) }
  }

  /// Writes text that is given as UTF-8.
  ///
  /// Byte by byte: what looks at characters takes a quotation mark with an accent on it for something else than the
  /// quotation mark that a browser sees.
  mutating func text(_ utf8: UnsafeBufferPointer<UInt8>) {
    var start = 0
    for index in 0..<utf8.count {
      guard let escaped = Self.escaped(utf8[index]) else { continue }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<index]))
      markup(escaped)
      start = index + 1
    }
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start...]))
  }

  /// Writes a whole number.
  mutating func integer(_ value: Int64) { bytes.append(contentsOf: String(value).utf8) }

  /// What was written, as text.
  var string: String { String(decoding: bytes, as: UTF8.self) }

  @inline(__always)
  private static func escaped(_ byte: UInt8) -> StaticString? {
    switch byte {
    case UInt8(ascii: "&"): "&amp;"
    case UInt8(ascii: "<"): "&lt;"
    case UInt8(ascii: ">"): "&gt;"
    case UInt8(ascii: "\""): "&quot;"
    case UInt8(ascii: "'"): "&#39;"
    // What a browser takes for the end of the document's trust, or does not show at all.
    case 0: "\u{FFFD}"
    default: nil
    }
  }

  /// Text with everything escaped that means something in HTML.
  static func escaped(_ text: String) -> String {
    var writer = HTMLWriter(capacity: text.utf8.count + 16)
    writer.text(text)
    return writer.string
  }
}
