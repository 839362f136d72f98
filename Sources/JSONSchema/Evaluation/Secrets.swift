@_spi(Tape) import JSON

/// Keeps passwords and tokens out of messages.
enum Secrets {
  /// Whether a member of that name may hold a secret.
  static func isSecret(name: String) -> Bool {
    let lowered = name.lowercased()
    return [
      "password", "passwd", "secret", "token", "credential", "authorization", "apikey",
      "api_key", "accesskey", "access_key", "private",
    ].contains { lowered.contains($0) }
  }

  /// A string in quotation marks, cut where it is long, without the user and password of a URL.
  static func quoted(_ string: UnsafeBufferPointer<UInt8>) -> String {
    // Looking further than the excerpt shows would cost as much as the string is long.
    let head = Array(string.prefix(8 * JSONExcerpt.maximumCharacters))
    guard let authority = authority(in: head),
      let at = head[authority].lastIndex(of: 0x40)
    else { return JSONExcerpt.quoted(string) }
    let rest = string[(string.startIndex + at)...]
    return JSONExcerpt.quoted(
      Array(head[..<authority.lowerBound]) + "…".utf8
        + rest.prefix(4 * (JSONExcerpt.maximumCharacters + 1)))
  }

  // What lies between `//` and the next slash, question mark or hash.
  private static func authority(in bytes: [UInt8]) -> Range<Int>? {
    for index in bytes.indices.dropLast(2)
    where bytes[index] == 0x3A && bytes[index + 1] == 0x2F && bytes[index + 2] == 0x2F {
      let start = index + 3
      let end = bytes[start...].firstIndex { [0x2F, 0x3F, 0x23, 0x20].contains($0) }
      return start..<(end ?? bytes.endIndex)
    }
    return nil
  }
}
