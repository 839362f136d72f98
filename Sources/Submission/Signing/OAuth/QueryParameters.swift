/// The parameters of a query, decoded, as RFC 5849 signs them.
struct QueryParameters {
  /// The parameters in their order, a name as often as it came.
  private(set) var list: [(name: String, value: String)] = []

  /// - Throws: ``SignatureError`` with code `malformed` for escapes that are none, and for what is no UTF-8.
  init(_ query: some StringProtocol) throws(SignatureError) {
    for piece in query.utf8.split(separator: UInt8(ascii: "&")) {
      let halves = piece.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      list.append((try Self.decode(halves[0]), halves.count > 1 ? try Self.decode(halves[1]) : ""))
    }
  }

  mutating func add(_ name: String, _ value: String) { list.append((name, value)) }

  /// The values of all parameters called so.
  func values(_ name: String) -> [String] { list.filter { $0.name == name }.map(\.value) }

  /// As a query again.
  var query: String {
    list.map { "\(Self.encode($0.name))=\(Self.encode($0.value))" }.joined(separator: "&")
  }

  /// The parameters but the signature itself, encoded, sorted by name and value (RFC 5849, 3.4.1.3.2).
  var normalized: String {
    list.filter { $0.name != "oauth_signature" }
      .map { (Self.encode($0.name), Self.encode($0.value)) }
      // What is encoded is ASCII, whose order is that of its bytes.
      .sorted { $0 < $1 }
      .map { "\($0)=\($1)" }.joined(separator: "&")
  }

  /// Percent-encoded: everything but letters, digits and `-._~` (RFC 5849, 3.6).
  static func encode(_ text: String) -> String { encode(Array(text.utf8)) }

  static func encode(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var encoded: [UInt8] = []
    for byte in bytes {
      if isUnreserved(byte) {
        encoded.append(byte)
      } else {
        encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    Unicode.Scalar(byte).isASCIILetterOrDigit || "-._~".utf8.contains(byte)
  }

  /// Decoded as a form is (RFC 5849, 3.4.1.3.1): a plus is a space.
  private static func decode(_ piece: some Collection<UInt8>) throws(SignatureError) -> String {
    var bytes: [UInt8] = []
    var rest = Array(piece)[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
          throw SignatureError(.malformed, "a percent sign in the query is not followed by two hexadecimal digits")
        }
        bytes.append(high << 4 | low)
      default: bytes.append(byte)
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw SignatureError(.malformed, "the query is no UTF-8")
    }
    return text
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }
}
