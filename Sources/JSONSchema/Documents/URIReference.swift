/// The parts of RFC 3986 that references between schemas need.
enum URIReference {
  private struct Parts {
    var scheme: Substring?
    var authority: Substring?
    var path: Substring = ""
    var query: Substring?
    var fragment: Substring?

    init(_ text: String) {
      var rest = Substring(text)
      if let hash = rest.firstIndex(of: "#") {
        fragment = rest[rest.index(after: hash)...]
        rest = rest[..<hash]
      }
      if let mark = rest.firstIndex(of: "?") {
        query = rest[rest.index(after: mark)...]
        rest = rest[..<mark]
      }
      if let colon = rest.firstIndex(of: ":"), Self.isScheme(rest[..<colon]) {
        scheme = rest[..<colon]
        rest = rest[rest.index(after: colon)...]
      }
      if rest.hasPrefix("//") {
        rest = rest.dropFirst(2)
        let end = rest.firstIndex(of: "/") ?? rest.endIndex
        authority = rest[..<end]
        rest = rest[end...]
      }
      path = rest
    }

    private static func isScheme(_ text: Substring) -> Bool {
      guard let first = text.utf8.first, first | 0x20 >= 0x61, first | 0x20 <= 0x7A else {
        return false
      }
      return text.utf8.allSatisfy {
        (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0)
          || [0x2B, 0x2D, 0x2E].contains($0)
      }
    }

    var text: String {
      var result = ""
      if let scheme { result += scheme + ":" }
      if let authority { result += "//" + authority }
      result += path
      if let query { result += "?" + query }
      if let fragment { result += "#" + fragment }
      return result
    }
  }

  /// An address relative to another one, section 5.2.
  static func resolve(_ reference: String, against base: String) -> String {
    var target = Parts(reference)
    let base = Parts(base)
    if target.scheme != nil {
      target.path = Substring(withoutDots(target.path))
      return target.text
    }
    target.scheme = base.scheme
    if target.authority != nil {
      target.path = Substring(withoutDots(target.path))
      return target.text
    }
    target.authority = base.authority
    if target.path.isEmpty {
      target.path = base.path
      target.query = target.query ?? base.query
    } else if target.path.hasPrefix("/") {
      target.path = Substring(withoutDots(target.path))
    } else if base.authority != nil, base.path.isEmpty {
      target.path = Substring(withoutDots("/" + target.path))
    } else {
      let folder = base.path.lastIndex(of: "/").map { base.path[...$0] } ?? ""
      target.path = Substring(withoutDots(folder + target.path))
    }
    return target.text
  }

  /// An address and what lies behind its `#`; nil where there is none.
  static func splitFragment(_ text: String) -> (address: String, fragment: String?) {
    guard let hash = text.firstIndex(of: "#") else { return (text, nil) }
    return (String(text[..<hash]), String(text[text.index(after: hash)...]))
  }

  /// An address up to its `#`.
  static func withoutFragment(_ text: String) -> String { splitFragment(text).address }

  /// A text with its percent escapes resolved; nil where they are wrong.
  static func percentDecoded(_ text: String) -> String? {
    guard text.utf8.contains(0x25) else { return text }
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte != 0x25 {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(Substring(rest.prefix(2))), radix: 16)
      else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func withoutDots(_ path: some StringProtocol) -> String {
    let isAbsolute = path.hasPrefix("/")
    var kept: [Substring] = []
    let parts = Substring(path).split(separator: "/", omittingEmptySubsequences: false)
    for (order, part) in parts.enumerated() {
      let isLast = order == parts.count - 1
      switch part {
      case ".":
        if isLast { kept.append("") }
      case "..":
        if kept.count > (isAbsolute ? 1 : 0) { kept.removeLast() }
        if isLast { kept.append("") }
      default: kept.append(part)
      }
    }
    return kept.joined(separator: "/")
  }
}
