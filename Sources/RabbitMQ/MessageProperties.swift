/// The properties that travel with a message (class basic of AMQP 0-9-1).
public struct MessageProperties: Sendable, Hashable {
  /// The MIME type of the body, for example `application/json`.
  public var contentType: String?
  /// The encoding of the body, for example `utf-8`.
  public var contentEncoding: String?
  /// Application headers, and those that RabbitMQ adds, such as `x-delivery-count` and `x-death`.
  public var headers: FieldTable
  /// Whether a durable queue writes the message to disk (delivery mode 2).
  public var isPersistent: Bool
  /// Names the request that a message answers.
  public var correlationID: String?
  /// Identifies the message: a consumer recognises a repeated publication by it.
  public var messageID: String?
  /// When the message was made, in seconds since 1970-01-01 00:00:00 UTC.
  public var timestamp: UInt64?
  /// The kind of message, as the application names it.
  public var type: String?
  /// The application that made the message.
  public var appID: String?

  /// Properties for a message; without arguments a transient message of which nothing is said.
  public init(
    contentType: String? = nil, contentEncoding: String? = nil, headers: FieldTable = [:], isPersistent: Bool = false,
    correlationID: String? = nil, messageID: String? = nil, timestamp: UInt64? = nil, type: String? = nil,
    appID: String? = nil
  ) {
    self.contentType = contentType
    self.contentEncoding = contentEncoding
    self.headers = headers
    self.isPersistent = isPersistent
    self.correlationID = correlationID
    self.messageID = messageID
    self.timestamp = timestamp
    self.type = type
    self.appID = appID
  }
}
