/// Cuts HTML into tags and text, as the tokenizer of the HTML standard does in its plain states; comments, declarations
/// and tags that never end are left out.
///
/// Nothing that comes of it is trusted: what it takes for text is escaped, and what it takes for a tag is written anew.
/// A browser that would have cut differently gets to see the cut that was made here.
struct HTMLTokenizer {
  private let bytes: [UInt8]
  private var position = 0

  init(_ html: String) { bytes = Array(html.utf8) }

  /// The next piece; nil at the end.
  mutating func next() -> HTMLToken? {
    while position < bytes.count {
      if bytes[position] != UInt8(ascii: "<") { return text(from: position) }
      guard position + 1 < bytes.count else { return text(from: position) }
      let follower = bytes[position + 1]
      if Self.isLetter(follower) {
        position += 1
        if let token = tag(isEnd: false) { return token }
      } else if follower == UInt8(ascii: "/") {
        guard position + 2 < bytes.count else { return text(from: position) }
        if Self.isLetter(bytes[position + 2]) {
          position += 2
          if let token = tag(isEnd: true) { return token }
        } else {
          skip(past: UInt8(ascii: ">"))
        }
      } else if follower == UInt8(ascii: "!") {
        skipDeclaration()
      } else if follower == UInt8(ascii: "?") {
        skip(past: UInt8(ascii: ">"))
      } else {
        return text(from: position)
      }
    }
    return nil
  }

  /// Passes over everything up to and including the end tag of that name; to the end where there is none.
  mutating func skip(pastEndOf name: String) {
    let name = Array(name.utf8)
    while position < bytes.count {
      guard bytes[position] == UInt8(ascii: "<"), position + 2 + name.count <= bytes.count,
        bytes[position + 1] == UInt8(ascii: "/"),
        bytes[(position + 2)..<(position + 2 + name.count)].elementsEqual(name, by: { Self.lowered($0) == $1 })
      else {
        position += 1
        continue
      }
      let after = position + 2 + name.count
      guard after < bytes.count else {
        position = bytes.count
        return
      }
      guard Self.isSpace(bytes[after]) || bytes[after] == UInt8(ascii: "/") || bytes[after] == UInt8(ascii: ">") else {
        position += 1
        continue
      }
      position = after
      skip(past: UInt8(ascii: ">"))
      return
    }
  }

  // MARK: Text, comments

  /// Text from a place on, whose first byte belongs to it whatever it is.
  private mutating func text(from start: Int) -> HTMLToken {
    position = start + 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "<") { position += 1 }
    return .text(bytes[start..<position])
  }

  private mutating func skip(past byte: UInt8) {
    while position < bytes.count, bytes[position] != byte { position += 1 }
    position = min(position + 1, bytes.count)
  }

  private mutating func skipDeclaration() {
    guard bytes[position...].starts(with: Array("<!--".utf8)) else { return skip(past: UInt8(ascii: ">")) }
    position += 4
    // `<!-->` and `<!--->` are whole comments.
    for end in [">", "->"] where bytes[position...].starts(with: Array(end.utf8)) {
      position += end.utf8.count
      return
    }
    while position < bytes.count {
      for end in ["-->", "--!>"] where bytes[position...].starts(with: Array(end.utf8)) {
        position += end.utf8.count
        return
      }
      position += 1
    }
  }

  // MARK: Tags

  /// A tag whose name begins here; nil for one that never ends.
  private mutating func tag(isEnd: Bool) -> HTMLToken? {
    let start = position
    while position < bytes.count, !isTagNameEnd(bytes[position]) { position += 1 }
    let name = Self.lowered(bytes[start..<position])
    var attributes: [HTMLToken.Attribute] = []
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: ">") {
        position += 1
        return isEnd ? .end(name: name) : .start(name: name, attributes: attributes, isSelfClosing: false)
      }
      if byte == UInt8(ascii: "/") {
        position += 1
        if position < bytes.count, bytes[position] == UInt8(ascii: ">") {
          position += 1
          return isEnd ? .end(name: name) : .start(name: name, attributes: attributes, isSelfClosing: true)
        }
        continue
      }
      if Self.isSpace(byte) {
        position += 1
        continue
      }
      guard let attribute = attribute() else { return nil }
      // Of two of one name the first one counts.
      if !attributes.contains(where: { $0.name == attribute.name }) { attributes.append(attribute) }
    }
    return nil
  }

  private func isTagNameEnd(_ byte: UInt8) -> Bool {
    Self.isSpace(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">")
  }

  private mutating func attribute() -> HTMLToken.Attribute? {
    let start = position
    // An equals sign in the first place belongs to the name.
    position += 1
    while position < bytes.count, !isTagNameEnd(bytes[position]), bytes[position] != UInt8(ascii: "=") { position += 1 }
    let name = Self.lowered(bytes[start..<position])
    skipSpace()
    guard position < bytes.count else { return nil }
    guard bytes[position] == UInt8(ascii: "=") else { return HTMLToken.Attribute(name: name, value: "") }
    position += 1
    skipSpace()
    guard position < bytes.count else { return nil }
    let quote = bytes[position]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      position += 1
      let start = position
      while position < bytes.count, bytes[position] != quote { position += 1 }
      guard position < bytes.count else { return nil }
      defer { position += 1 }
      return HTMLToken.Attribute(name: name, value: CharacterReference.resolved(bytes[start..<position]))
    }
    let valueStart = position
    while position < bytes.count, !Self.isSpace(bytes[position]), bytes[position] != UInt8(ascii: ">") { position += 1 }
    return HTMLToken.Attribute(name: name, value: CharacterReference.resolved(bytes[valueStart..<position]))
  }

  private mutating func skipSpace() {
    while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
  }

  // MARK: Bytes

  private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) }
  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0C || byte == 0x0D
  }
  private static func lowered(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte + 32 : byte }
  private static func lowered(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.map(lowered), as: UTF8.self)
  }
}
