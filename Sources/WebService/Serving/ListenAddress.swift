/// Where the server listens: `HOST:PORT`, an IPv6 address in brackets; port 0 stands for one that is free.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
  /// A name or an address of this machine.
  public let host: String
  /// The port, 0 for one that is free.
  public let port: Int

  /// Port 8080, for this machine alone.
  public static let standard = ListenAddress(host: "127.0.0.1", port: 8080)

  /// An address.
  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Reads `HOST:PORT`; nil for anything else.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    var host = text[..<colon]
    let digits = text[text.index(after: colon)...]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    // `Int` takes a sign too.
    guard !host.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(digits),
      (0...65_535).contains(port)
    else { return nil }
    self.init(host: String(host), port: port)
  }

  /// As it is read.
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
