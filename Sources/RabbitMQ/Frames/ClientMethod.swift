/// A method that this client sends; publishing goes its own way, since it carries a body.
enum ClientMethod: Equatable, Sendable {
  case startOK(properties: FieldTable, mechanism: String, response: [UInt8])
  case tuneOK(channelMaximum: UInt16, frameMaximum: UInt32, heartbeat: UInt16)
  case open(virtualHost: String)
  case connectionClose(ReplyText)
  case connectionCloseOK

  case channelOpen
  case channelClose(ReplyText)
  case channelCloseOK
  case channelFlowOK(active: Bool)

  case exchangeDeclare(ExchangeDeclaration)
  case queueDeclare(QueueDeclaration)
  case queueBind(Binding)
  case queueUnbind(Binding)
  case queueDelete(queue: String)
  case qos(prefetchCount: UInt16)
  case confirmSelect

  case consume(queue: String, consumerTag: String, isExclusive: Bool, arguments: FieldTable)
  case cancel(consumerTag: String)
  case ack(deliveryTag: UInt64, multiple: Bool)
  case nack(deliveryTag: UInt64, multiple: Bool, requeue: Bool)
}
