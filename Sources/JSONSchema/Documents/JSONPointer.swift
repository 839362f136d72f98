/// JSON pointers, RFC 6901.
enum JSONPointer {
  /// A name as one token of a pointer.
  static func escaped(_ name: String) -> String {
    guard name.utf8.contains(where: { $0 == 0x7E || $0 == 0x2F }) else { return name }
    var result = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "~": result += "~0"
      case "/": result += "~1"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The tokens of a pointer; nil where the text is none.
  static func tokens(_ pointer: String) -> [String]? {
    if pointer.isEmpty { return [] }
    guard pointer.unicodeScalars.first == "/" else { return nil }
    var tokens: [String] = []
    for part in pointer.unicodeScalars.dropFirst().split(
      separator: "/", omittingEmptySubsequences: false)
    {
      var token = String.UnicodeScalarView()
      var scalars = part.makeIterator()
      while let scalar = scalars.next() {
        if scalar != "~" {
          token.append(scalar)
          continue
        }
        switch scalars.next() {
        case "0": token.append("~")
        case "1": token.append("/")
        default: return nil
        }
      }
      tokens.append(String(token))
    }
    return tokens
  }
}
