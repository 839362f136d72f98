/// The endpoints that a broker's URL names.
///
/// `amqp://user:password@host:port/vhost?heartbeat=60&connection_timeout=10`, or `amqps` for TLS; several URLs are
/// separated by commas and tried in turn. The meanings are those of RabbitMQ's URI specification, and kombu's where they
/// differ: an empty path and a lone `/` are both the virtual host `/`, `//` and `/%2F` too. `ssl=1` asks for TLS as
/// `amqps` does.
public struct BrokerURL: Sendable, Hashable, CustomStringConvertible {
  /// What the URL names, in its order; at least one.
  public let endpoints: [Endpoint]

  /// Reads `text`.
  ///
  /// - Throws: ``RabbitMQError`` with code `invalidURL`, whose message says which part is wrong and repeats no password.
  public init(_ text: String) throws(RabbitMQError) {
    var endpoints: [Endpoint] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      endpoints.append(try Endpoint(url: part.trimmingSpaces()))
    }
    self.endpoints = endpoints
  }

  /// The user of the first endpoint: who owns `exchange/<user>/…` on Pulse.
  public var user: String { endpoints[0].credentials.user }

  /// The endpoints without credentials.
  public var description: String { endpoints.map(\.description).joined(separator: ", ") }
}

extension Endpoint {
  fileprivate init(url text: Substring) throws(RabbitMQError) {
    func invalid(_ what: String) -> RabbitMQError { RabbitMQError(.invalidURL, "broker URL: \(what)") }
    func decoded(_ text: Substring, _ part: String) throws(RabbitMQError) -> String {
      guard let result = text.percentDecoded() else { throw invalid("the \(part) is not percent-encoded UTF-8") }
      return result
    }

    guard let colon = text.firstRange(of: "://") else {
      throw invalid("it must begin with amqp:// or amqps://")
    }
    let usesTLS: Bool
    switch text[..<colon.lowerBound].lowercased() {
    case "amqp", "pyamqp": usesTLS = false
    case "amqps": usesTLS = true
    default: throw invalid("its scheme is another one than amqp:// or amqps://")
    }

    var rest = text[colon.upperBound...]
    var query: Substring = ""
    if let mark = rest.firstIndex(of: "?") {
      query = rest[rest.index(after: mark)...]
      rest = rest[..<mark]
    }
    var path: Substring = ""
    if let slash = rest.firstIndex(of: "/") {
      path = rest[rest.index(after: slash)...]
      rest = rest[..<slash]
    }

    self.init(host: "localhost", port: usesTLS ? 5671 : 5672, usesTLS: usesTLS)
    if let at = rest.lastIndex(of: "@") {
      let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      credentials.user = try decoded(parts[0], "user name")
      credentials.password = parts.count > 1 ? try decoded(parts[1], "password") : ""
      rest = rest[rest.index(after: at)...]
    }
    try readAuthority(rest, invalid)
    let name = try decoded(path, "virtual host")
    virtualHost = name.isEmpty ? "/" : name
    for item in query.split(separator: "&") {
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      try readParameter(
        decoded(parts[0], "query"), parts.count > 1 ? decoded(parts[1], "query") : "", invalid)
    }
  }

  private mutating func readAuthority(
    _ text: Substring, _ invalid: (String) -> RabbitMQError
  ) throws(RabbitMQError) {
    var portText: Substring?
    if text.first == "[" {
      guard let end = text.firstIndex(of: "]") else { throw invalid("the address lacks its closing bracket") }
      host = String(text[text.index(after: text.startIndex)..<end])
      let rest = text[text.index(after: end)...]
      guard rest.isEmpty || rest.first == ":" else { throw invalid("after the address a colon and a port are asked") }
      portText = rest.isEmpty ? nil : rest.dropFirst()
    } else {
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count <= 2 else { throw invalid("an IPv6 address goes into brackets") }
      if !parts[0].isEmpty {
        guard let decoded = parts[0].percentDecoded() else { throw invalid("the host is not percent-encoded UTF-8") }
        host = decoded
      }
      portText = parts.count == 2 ? parts[1] : nil
    }
    guard let portText, !portText.isEmpty else { return }
    guard let number = Int(portText), (1...65_535).contains(number) else {
      throw invalid("the port must be a number from 1 to 65535")
    }
    port = number
  }

  private mutating func readParameter(
    _ name: String, _ value: String, _ invalid: (String) -> RabbitMQError
  ) throws(RabbitMQError) {
    switch name {
    case "heartbeat":
      guard let seconds = UInt16(value) else { throw invalid("heartbeat must be a number of seconds up to 65535") }
      heartbeat = seconds
    case "connection_timeout":
      guard let seconds = Double(value), seconds > 0, seconds <= 3600 else {
        throw invalid("connection_timeout must be a number of seconds above 0 and up to 3600")
      }
      connectionTimeout = .milliseconds(Int(seconds * 1000))
    case "ssl":
      switch value.lowercased() {
      case "1", "true", "yes": usesTLS = true
      case "0", "false", "no", "": usesTLS = false
      default: throw invalid("ssl must be 0 or 1")
      }
    default:
      // The name is not repeated: in a URL whose password was not encoded it can be a part of that.
      throw invalid("it has a parameter that is not known; heartbeat, connection_timeout and ssl are")
    }
  }
}

extension Substring {
  fileprivate func trimmingSpaces() -> Substring {
    var text = self
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }

  /// The text with every %XX replaced; nil where one is cut short or the bytes are no UTF-8.
  fileprivate func percentDecoded() -> String? {
    guard utf8.contains(UInt8(ascii: "%")) else { return String(self) }
    var bytes: [UInt8] = []
    var rest = utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(\.hexDigit), let low = rest.popFirst().flatMap(\.hexDigit) else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

extension UInt8 {
  fileprivate var hexDigit: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
