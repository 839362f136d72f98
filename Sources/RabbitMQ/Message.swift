/// A message to publish.
public struct Message: Sendable, Hashable {
  /// The exchange that it goes to; empty for the default exchange.
  public var exchange: String
  /// The routing key, at most 255 bytes of UTF-8.
  public var routingKey: String
  /// What travels beside the body. A message without a message-id is given one that no other message has.
  public var properties: MessageProperties
  /// The body, as it is sent.
  public var body: [UInt8]
  /// Whether the broker hands back a message that no queue takes.
  public var isMandatory: Bool

  /// A message for `exchange` under `routingKey`.
  public init(
    exchange: String, routingKey: String, properties: MessageProperties = .init(), body: [UInt8],
    isMandatory: Bool = false
  ) {
    self.exchange = exchange
    self.routingKey = routingKey
    self.properties = properties
    self.body = body
    self.isMandatory = isMandatory
  }
}
