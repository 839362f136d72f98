/// Where links may lead, and how addresses of the page are put together.
enum WebLink {
  /// An address that somebody else gave, if it leads to another server by HTTP; anything else is only ever shown.
  ///
  /// Browsers drop tabs and line ends from addresses and spaces and control characters ahead of them: an address with
  /// such is none.
  static func external(_ address: String?) -> String? {
    guard let address else { return nil }
    let bytes = address.utf8
    guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else { return nil }
    for scheme in ["http://", "https://"] where bytes.count > scheme.utf8.count {
      if bytes.prefix(scheme.utf8.count).elementsEqual(
        scheme.utf8, by: { $0 == $1 || $0 + 32 == $1 && (65...90).contains($0) })
      {
        return address
      }
    }
    return nil
  }

  /// A text as a part of an address: everything but letters, digits, `-`, `.`, `_` and `~` is percent-encoded.
  static func encoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in text.utf8 {
      switch byte {
      case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
        bytes.append(byte)
      default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The address of a project's pushes.
  static func project(_ name: String) -> String { "/p/\(encoded(name))" }

  /// A query of names and values, with its question mark; empty where there are none.
  static func query(_ parameters: [(name: String, value: String)]) -> String {
    let pairs = parameters.map { "\(encoded($0.name))=\(encoded($0.value))" }
    return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
  }
}
