/// A method that the broker sent, copied out of librabbitmq's memory.
enum ServerMethod: Equatable, Sendable {
  case connectionStart(mechanisms: [String], properties: FieldTable)
  case connectionTune(channelMaximum: UInt16, frameMaximum: UInt32, heartbeat: UInt16)
  case connectionOpenOK
  case connectionClose(ReplyText)
  case connectionCloseOK
  case connectionBlocked(reason: String)
  case connectionUnblocked

  case channelOpenOK
  case channelClose(ReplyText)
  case channelCloseOK
  case channelFlow(active: Bool)

  case exchangeDeclareOK
  case queueDeclareOK(QueueStatus)
  case queueBindOK
  case queueUnbindOK
  case queueDeleteOK(messages: UInt32)
  case qosOK
  case confirmSelectOK

  case consumeOK(consumerTag: String)
  case cancelOK(consumerTag: String)
  case cancel(consumerTag: String)
  case deliver(DeliveryHeader)
  case returned(ReplyText, exchange: String, routingKey: String)
  case ack(deliveryTag: UInt64, multiple: Bool)
  case nack(deliveryTag: UInt64, multiple: Bool)

  /// A method that this client never asks for.
  case other(id: UInt32)
}

/// A reply code of AMQP with the broker's words.
struct ReplyText: Equatable, Sendable {
  /// The reply code, for example 404; the meanings stand in AMQP 0-9-1, section 1.2.
  let code: UInt16
  /// The broker's explanation.
  let text: String
}

/// What `basic.deliver` says ahead of the message itself.
struct DeliveryHeader: Equatable, Sendable {
  let consumerTag: String
  let deliveryTag: UInt64
  let isRedelivered: Bool
  let exchange: String
  let routingKey: String
}
