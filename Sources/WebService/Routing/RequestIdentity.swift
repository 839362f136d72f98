import HTTPTypes
import Hummingbird

/// Names for requests.
enum RequestIdentity {
  /// The longest one that a client may give.
  static let maximumLength = 128

  /// The client's own name for the request where it can stand in a log, else a new one of 16 hexadecimal digits.
  static func of(_ request: Request) -> String {
    if let given = request.headers[.requestID], (1...maximumLength).contains(given.utf8.count),
      given.utf8.allSatisfy(isPlain)
    {
      return given
    }
    let digits = String(UInt64.random(in: .min ... .max), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"):
      true
    default: false
    }
  }
}
