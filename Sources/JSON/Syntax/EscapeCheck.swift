#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds escapes that are worth a second, slow look.
enum EscapeCheck {
  /// Whether the text has an escape for a surrogate or for NUL.
  ///
  /// Pairs of surrogates are rare enough in CI messages that no pairing is done here.
  static func isSuspicious(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard var position = bytes.baseAddress else { return false }
    let end = position + bytes.count
    while let found = memchr(position, 0x5C, end - position) {
      let escape = UnsafeRawPointer(found)
      // The shortest escape of interest is `\uD8xx`.
      guard end - escape >= 6 else { return false }
      if escape.load(fromByteOffset: 1, as: UInt8.self) == 0x75 {
        let first = escape.load(fromByteOffset: 2, as: UInt8.self)
        let second = escape.load(fromByteOffset: 3, as: UInt8.self)
        if first | 0x20 == 0x64, second >= 0x38 { return true }
        if first == 0x30, second == 0x30,
          escape.load(fromByteOffset: 4, as: UInt8.self) == 0x30,
          escape.load(fromByteOffset: 5, as: UInt8.self) == 0x30
        {
          return true
        }
      }
      position = escape + 2
    }
    return false
  }
}
