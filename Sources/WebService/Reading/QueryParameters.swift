/// The parameters of a request's query, in their order; one may be given several times.
struct QueryParameters {
  let all: [(name: String, value: String)]

  /// Reads what follows the question mark; a `+` is a space.
  init(_ query: String?) {
    all = (query ?? "").utf8.split(separator: UInt8(ascii: "&")).map { parameter in
      let parts = parameter.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      return (Self.decoded(parts[0]), parts.count > 1 ? Self.decoded(parts[1]) : "")
    }
  }

  /// The last value of that name: the one that Treeherder takes.
  subscript(_ name: String) -> String? { all.last { $0.name == name }?.value }

  /// All values of that name.
  func values(_ name: String) -> [String] { all.filter { $0.name == name }.map(\.value) }

  /// A whole number that is not negative; `fallback` where it is not given, nil where it is something else.
  func count(_ name: String, default fallback: Int) -> Int? {
    guard let text = self[name] else { return fallback }
    guard let value = Int(text), (0...Int(Int32.max)).contains(value) else { return nil }
    return value
  }

  /// What percent signs and `+` stand for; text of which they make no UTF-8 gets replacement characters.
  static func decoded(_ text: some Sequence<UInt8>) -> String {
    var bytes: [UInt8] = []
    var iterator = Array(text)[...]
    while let byte = iterator.popFirst() {
      if byte == UInt8(ascii: "%"), iterator.count >= 2, let high = digit(iterator[iterator.startIndex]),
        let low = digit(iterator[iterator.startIndex + 1])
      {
        bytes.append(high << 4 | low)
        iterator.removeFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - 87
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - 55
    default: nil
    }
  }
}
