/// What went wrong with a broker.
///
/// The description is one line that a person can act on; it holds no password and no message.
public struct RabbitMQError: Error, Sendable, CustomStringConvertible {
  /// The kinds of failure; more may come.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    private let name: String
    private init(_ name: String) { self.name = name }

    /// The URL of a broker cannot be used.
    public static let invalidURL = Code("invalidURL")
    /// No TCP connection came about.
    public static let unreachable = Code("unreachable")
    /// The TLS configuration cannot be used: a file is missing or no PEM, or the key is another certificate's.
    public static let invalidTLS = Code("invalidTLS")
    /// The broker's certificate is not accepted; the message says why.
    public static let certificateRefused = Code("certificateRefused")
    /// The broker demands a client certificate, or does not accept the one it was given.
    public static let clientCertificateRefused = Code("clientCertificateRefused")
    /// TLS failed for another reason, for example because the peer speaks none, or only an old version of it.
    public static let tlsFailed = Code("tlsFailed")
    /// The broker knows no such user, or not with this password.
    public static let authenticationRefused = Code("authenticationRefused")
    /// The user may not do this (reply code 403), or may not use the virtual host.
    public static let accessRefused = Code("accessRefused")
    /// No such exchange, queue or virtual host (reply code 404).
    public static let notFound = Code("notFound")
    /// A delivery was not settled within the broker's time for it (`consumer_timeout`, 30 minutes by default): the broker
    /// gave it back to the queue and closed the channel.
    public static let acknowledgementTimedOut = Code("acknowledgementTimedOut")
    /// What was declared exists with other properties (reply code 406).
    public static let preconditionFailed = Code("preconditionFailed")
    /// The broker closed the channel for another reason.
    public static let channelClosed = Code("channelClosed")
    /// The broker closed the connection.
    public static let connectionClosed = Code("connectionClosed")
    /// The connection broke, or the peer fell silent.
    public static let connectionLost = Code("connectionLost")
    /// An answer did not come in time.
    public static let timedOut = Code("timedOut")
    /// The broker cancelled the consumer, for example because its queue was deleted.
    public static let consumerCancelled = Code("consumerCancelled")
    /// The peer sent what AMQP 0-9-1 does not allow here.
    public static let protocolViolation = Code("protocolViolation")
    /// This end closed the connection or the channel.
    public static let closed = Code("closed")
    /// The task that waited was cancelled.
    public static let cancelled = Code("cancelled")
    /// What was asked for cannot be said in AMQP, for example a name over 255 bytes; nothing was sent.
    public static let invalidArgument = Code("invalidArgument")
    /// There was no memory for it.
    public static let outOfMemory = Code("outOfMemory")

    /// The code's name.
    public var description: String { name }
  }

  /// The kind of failure.
  public let code: Code
  /// What happened, in one line.
  public let message: String
  /// The error that led to this one, if any.
  public let underlying: (any Error)?
  /// Whether the same call may succeed later, with nothing changed but the state of the network or the broker.
  public let isRetriable: Bool

  /// An error of the kind `code`.
  public init(_ code: Code, _ message: String, underlying: (any Error)? = nil, isRetriable: Bool = false) {
    self.code = code
    self.message = message
    self.underlying = underlying
    self.isRetriable = isRetriable
  }

  /// The message, with its cause where there is one.
  public var description: String {
    underlying.map { "\(message) (\($0))" } ?? message
  }
}

extension RabbitMQError {
  /// The error that a `channel.close` of the broker means.
  init(channelClose reply: ReplyText) {
    let code: Code =
      switch reply.code {
      case 403: .accessRefused
      case 404: .notFound
      // RabbitMQ has one code for both.
      case 406 where reply.text.contains("delivery acknowledgement on channel"): .acknowledgementTimedOut
      case 406: .preconditionFailed
      default: .channelClosed
      }
    self.init(code, "\(reply.text) (\(reply.code))", isRetriable: code == .acknowledgementTimedOut)
  }

  /// The error that a `connection.close` of the broker means once the connection is open.
  init(connectionClose reply: ReplyText) {
    // 320 is an operator's or a management tool's close and 541 a fault of the broker's own: neither is of our making.
    self.init(
      .connectionClosed, "the broker closed the connection: \(reply.text) (\(reply.code))",
      isRetriable: reply.code == 320 || reply.code == 541)
  }
}
