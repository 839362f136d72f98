/// What a signature says of a request, apart from its body: method, host, port, path and query.
public struct RequestAddress: Sendable, Hashable {
  /// The method, in capitals.
  public let method: String
  /// Whether it is sent by HTTPS.
  public let isSecure: Bool
  /// The host in small letters; an IPv6 address without its brackets, as `mohawk` writes it.
  public let host: String
  /// The TCP port.
  public let port: Int
  /// Path and query as they stand in the request line, percent-encoding included.
  public let target: String

  /// The address of a request that will be sent.
  ///
  /// A fragment is left out, since it is never sent.
  ///
  /// - Throws: ``SignatureError`` with code `invalidAddress` for anything but an `http` or `https` URL without user and
  ///   password.
  public init(method: String, url: String) throws(SignatureError) {
    guard let mark = url.firstRange(of: "://") else {
      throw SignatureError(.invalidAddress, "a URL begins with http:// or https://")
    }
    let scheme = url[..<mark.lowerBound].lowercased()
    guard scheme == "http" || scheme == "https" else {
      throw SignatureError(.invalidAddress, "a URL begins with http:// or https://")
    }
    let rest = url[mark.upperBound...]
    let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
    guard !rest[..<end].contains("@") else {
      throw SignatureError(.invalidAddress, "a URL with a user or a password in it cannot be signed")
    }
    var target = String(rest[end...].prefix { $0 != "#" })
    if !target.hasPrefix("/") { target = "/" + target }
    try self.init(method: method, target: target, host: String(rest[..<end]), isSecure: scheme == "https")
  }

  /// The address of a request that has arrived.
  ///
  /// - Parameters:
  ///   - method: the request's method.
  ///   - target: path and query as they came, with a `/` at the front.
  ///   - host: the value of the field `Host`.
  ///   - isSecure: whether the client spoke HTTPS, which decides on the port where `host` names none. Behind a proxy that
  ///     takes TLS off, it is still what the client spoke.
  /// - Throws: ``SignatureError`` with code `invalidAddress`.
  public init(method: String, target: String, host: String, isSecure: Bool) throws(SignatureError) {
    guard target.hasPrefix("/"), target.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw SignatureError(.invalidAddress, "a path begins with / and has no spaces and nothing but ASCII in it")
    }
    guard !method.isEmpty, method.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw SignatureError(.invalidAddress, "a method is a word in ASCII")
    }
    (self.host, port) = try Self.split(host, defaultPort: isSecure ? 443 : 80)
    self.method = method.uppercased()
    self.isSecure = isSecure
    self.target = target
  }

  /// The path alone.
  var path: Substring { target.prefix { $0 != "?" } }

  /// The query without its question mark; empty where there is none.
  var query: Substring { target.drop { $0 != "?" }.dropFirst() }

  /// The host with the port where it is not the scheme's own, as in a URL.
  var authority: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
  }

  private static func split(_ text: String, defaultPort: Int) throws(SignatureError) -> (String, Int) {
    var name = text[...]
    var port = defaultPort
    // A colon ahead of the bracket belongs to an IPv6 address.
    if let colon = text.lastIndex(of: ":"), !text[colon...].contains("]") {
      guard let number = UInt16(digits: text[text.index(after: colon)...]), number > 0 else {
        throw SignatureError(.invalidAddress, "the port of a host is a number from 1 to 65535")
      }
      (name, port) = (text[..<colon], Int(number))
    }
    let isAddress = name.hasPrefix("[") && name.hasSuffix("]")
    if isAddress { name = name.dropFirst().dropLast() }
    let isName = name.utf8.allSatisfy { byte in
      let scalar = Unicode.Scalar(byte)
      return scalar.isASCIILetterOrDigit || "-._~%".unicodeScalars.contains(scalar) || isAddress && scalar == ":"
    }
    guard !name.isEmpty, isName else {
      throw SignatureError(.invalidAddress, "the host is no name and no address")
    }
    return (name.lowercased(), port)
  }
}

extension FixedWidthInteger {
  /// A number in decimal digits and nothing else: no sign, no spaces.
  init?(digits text: some StringProtocol) {
    guard text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    self.init(text, radix: 10)
  }
}

extension Unicode.Scalar {
  var isASCIILetterOrDigit: Bool {
    switch self {
    case "a"..."z", "A"..."Z", "0"..."9": true
    default: false
    }
  }
}
