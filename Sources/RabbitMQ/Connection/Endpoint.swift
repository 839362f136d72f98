/// One address of a broker, and who to be there.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
  /// The user's name and password.
  public struct Credentials: Sendable, Hashable, CustomStringConvertible {
    /// The user's name.
    public var user: String
    /// The user's password; no description or error repeats it.
    public var password: String

    /// Credentials for SASL's PLAIN mechanism.
    public init(user: String, password: String) {
      self.user = user
      self.password = password
    }

    /// The user's name; never the password.
    public var description: String { user }
  }

  /// The host's name or address.
  public var host: String
  /// The TCP port; 5672 is AMQP's own, 5671 the one with TLS.
  public var port: Int
  /// Who to be there.
  public var credentials: Credentials
  /// The virtual host, `/` by default.
  public var virtualHost: String
  /// How the connection is encrypted; nil for one that is not.
  public var tls: TLSConfiguration?
  /// The interval of heartbeats asked for, in seconds; 0 turns them off. A peer silent for twice as long is given up.
  public var heartbeat: UInt16
  /// How long to wait for the TCP connection and TLS, and again for AMQP's handshake.
  public var connectionTimeout: Duration

  /// An endpoint; the defaults are RabbitMQ's.
  public init(
    host: String, port: Int = 5672, credentials: Credentials = .init(user: "guest", password: "guest"),
    virtualHost: String = "/", tls: TLSConfiguration? = nil, heartbeat: UInt16 = 60,
    connectionTimeout: Duration = .seconds(10)
  ) {
    self.host = host
    self.port = port
    self.credentials = credentials
    self.virtualHost = virtualHost
    self.tls = tls
    self.heartbeat = heartbeat
    self.connectionTimeout = connectionTimeout
  }

  /// Host and port, as in a URL; no credentials.
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
