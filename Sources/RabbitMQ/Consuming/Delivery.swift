/// A message that the broker delivered and that waits for its acknowledgement.
public struct Delivery: Sendable {
  /// Numbers the deliveries of the channel, from 1, and anew on each connection.
  public let deliveryTag: UInt64
  /// Whether it was delivered before, to this consumer or another one, and not acknowledged.
  public let isRedelivered: Bool
  /// The exchange that it was published to.
  public let exchange: String
  /// The routing key that it was published under.
  public let routingKey: String
  /// What travelled beside the body.
  public let properties: MessageProperties
  /// The message itself.
  public let body: [UInt8]
  /// Which opening of its channel the tag belongs to.
  let generation: Int

  /// How many times a quorum queue delivered it before; nil from a classic queue, which does not count.
  public var deliveryCount: Int? { properties.headers["x-delivery-count"]?.integer.map(Int.init) }

  init(_ header: DeliveryHeader, properties: MessageProperties, body: [UInt8], generation: Int) {
    deliveryTag = header.deliveryTag
    isRedelivered = header.isRedelivered
    exchange = header.exchange
    routingKey = header.routingKey
    self.properties = properties
    self.body = body
    self.generation = generation
  }
}
