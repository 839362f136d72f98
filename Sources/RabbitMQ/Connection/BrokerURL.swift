/// The endpoints that a broker's URL names.
///
/// `amqp://user:password@host:port/vhost?heartbeat=60&connection_timeout=10`, or `amqps` for TLS; several URLs are
/// separated by commas and tried in turn. The meanings are those of RabbitMQ's URI specification, and kombu's where they
/// differ: an empty path and a lone `/` are both the virtual host `/`, `//` and `/%2F` too. `ssl=1` asks for TLS as
/// `amqps` does; `cacertfile`, `certfile`, `keyfile`, `password` (of the key), `verify` (`verify_peer` or `verify_none`) and
/// `server_name_indication` fill in a ``TLSConfiguration``.
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

    self.init(host: "localhost", port: usesTLS ? 5671 : 5672, tls: usesTLS ? TLSConfiguration() : nil)
    if let at = rest.lastIndex(of: "@") {
      let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      credentials.user = try decoded(parts[0], "user name")
      credentials.password = parts.count > 1 ? try decoded(parts[1], "password") : ""
      rest = rest[rest.index(after: at)...]
    }
    try readAuthority(rest, invalid)
    let name = try decoded(path, "virtual host")
    virtualHost = name.isEmpty ? "/" : name
    var parameters = Parameters(usesTLS: usesTLS)
    for item in query.split(separator: "&") {
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      try parameters.read(
        decoded(parts[0], "query"), parts.count > 1 ? decoded(parts[1], "query") : "", into: &self, invalid)
    }
    guard parameters.usesTLS || parameters.tls == TLSConfiguration() else {
      throw invalid("it has parameters of TLS, and is not encrypted: begin it with amqps://")
    }
    tls = parameters.usesTLS ? parameters.tls : nil
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
}

/// What the query of a URL says.
private struct Parameters {
  var usesTLS: Bool
  var tls = TLSConfiguration()

  mutating func read(
    _ name: String, _ value: String, into endpoint: inout Endpoint, _ invalid: (String) -> RabbitMQError
  ) throws(RabbitMQError) {
    func text() throws(RabbitMQError) -> String {
      if value.isEmpty { throw invalid("\(name) is empty") }
      return value
    }
    switch name {
    case "heartbeat":
      guard let seconds = UInt16(value) else { throw invalid("heartbeat must be a number of seconds up to 65535") }
      endpoint.heartbeat = seconds
    case "connection_timeout":
      guard let seconds = Double(value), seconds > 0, seconds <= 3600 else {
        throw invalid("connection_timeout must be a number of seconds above 0 and up to 3600")
      }
      endpoint.connectionTimeout = .milliseconds(Int(seconds * 1000))
    case "ssl":
      switch value.lowercased() {
      case "1", "true", "yes": usesTLS = true
      case "0", "false", "no", "": usesTLS = false
      default: throw invalid("ssl must be 0 or 1")
      }
    case "cacertfile": tls.authorityFile = try text()
    case "certfile": tls.certificateFile = try text()
    case "keyfile": tls.keyFile = try text()
    case "password": tls.keyPassword = try text()
    case "server_name_indication": tls.serverName = try text()
    case "verify":
      switch value {
      case "verify_peer": tls.verification = .full
      case "verify_none": tls.verification = .none
      default: throw invalid("verify must be verify_peer or verify_none")
      }
    default:
      // The name is not repeated: in a URL whose password was not encoded it can be a part of that.
      throw invalid(
        """
        it has a parameter that is not known; heartbeat, connection_timeout, ssl, cacertfile, certfile, keyfile, password, \
        verify and server_name_indication are
        """)
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
