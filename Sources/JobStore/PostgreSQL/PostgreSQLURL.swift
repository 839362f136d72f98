/// Where a database of PostgreSQL is: `postgresql://user:password@host:port/database?parameters`, as libpq reads it.
///
/// Several hosts, Unix sockets, TLS (`sslmode`) and everything else that libpq knows can be said; what is not said comes
/// from libpq's environment variables and its password file.
public struct PostgreSQLURL: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
  /// The whole of it, with the password: for libpq only.
  let text: String
  /// Hosts and database, without user and password.
  public let description: String

  /// The same as ``description``, so that no dump of a value shows the password.
  public var debugDescription: String { description }

  /// Reads `text`.
  ///
  /// - Throws: ``StoreError`` with code `invalidURL`, which repeats nothing of what may be a password.
  public init(_ text: String) throws(StoreError) {
    func invalid(_ what: String) -> StoreError { StoreError(.invalidURL, "store URL: \(what)") }

    guard let scheme = ["postgresql://", "postgres://"].first(where: text.hasPrefix) else {
      throw invalid("it must begin with postgresql:// or postgres://")
    }
    guard !text.utf8.contains(0) else { throw invalid("it holds U+0000") }
    let options: [String: String]
    do {
      options = try ConnectionOptions.parse(text)
    } catch {
      throw invalid(error.reason)
    }

    // libpq takes the first @ or / for the end of a user and password: what is left of a password with such characters
    // would be taken for a host or a port, and those are named in errors.
    var places = text.dropFirst(scheme.count)
    if let end = places.firstIndex(where: { $0 == "@" || $0 == "/" }), places[end] == "@" {
      places = places[places.index(after: end)...]
    }
    let unencoded = "an @, : or / inside of a user or password must be written as %40, %3A or %2F"
    guard !places.prefix(while: { $0 != "?" }).contains("@") else { throw invalid(unencoded) }
    let ports = options["port", default: ""].split(separator: ",", omittingEmptySubsequences: false)
    guard ports.allSatisfy({ $0.isEmpty || UInt16($0).map { $0 > 0 } == true }) else {
      throw invalid("the port must be a number from 1 to 65535; \(unencoded)")
    }

    self.text = text
    description = Self.describe(options, ports: ports)
  }

  private static func describe(_ options: [String: String], ports: [Substring]) -> String {
    let hosts = (options["host"] ?? options["hostaddr"] ?? "").split(separator: ",", omittingEmptySubsequences: false)
    let database = options["dbname"].map { "/\($0)" } ?? ""
    let places = hosts.enumerated().map { index, host in
      let port = ports.count == 1 ? ports[0] : index < ports.count ? ports[index] : ""
      let name = host.contains(":") && !host.hasPrefix("/") ? "[\(host)]" : String(host)
      return port.isEmpty ? name : "\(name):\(port)"
    }
    return "postgresql://\(places.joined(separator: ","))\(database)"
  }

  /// Whether both say the same, passwords included.
  public static func == (left: PostgreSQLURL, right: PostgreSQLURL) -> Bool { left.text == right.text }
  /// Feeds the whole URL to a hasher.
  public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension PostgreSQLURL: CustomReflectable {
  /// Nothing but the description: `dump` and test reports look into values.
  public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
