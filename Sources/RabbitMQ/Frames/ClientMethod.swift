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

extension ClientMethod {
  /// Refuses what AMQP cannot carry before anything of it is sent.
  ///
  /// - Throws: `invalidArgument` for a name over 255 bytes of UTF-8, the length of AMQP's short strings, also in a table.
  func check() throws(RabbitMQError) {
    let names: [String] =
      switch self {
      case .exchangeDeclare(let exchange): [exchange.name]
      case .queueDeclare(let queue): [queue.name]
      case .queueBind(let binding), .queueUnbind(let binding): [binding.queue, binding.exchange, binding.routingKey]
      case .queueDelete(let queue): [queue]
      case .consume(let queue, let consumerTag, _, _): [queue, consumerTag]
      default: []
      }
    for name in names { try ShortString.check(name) }
    switch self {
    case .exchangeDeclare(let exchange): try exchange.arguments.checkNames()
    case .queueDeclare(let queue): try queue.arguments.checkNames()
    case .consume(_, _, _, let arguments): try arguments.checkNames()
    default: break
    }
  }
}

/// AMQP's strings with a length of one byte: names, routing keys and most properties.
enum ShortString {
  static let maximumBytes = 255

  /// - Throws: `invalidArgument` where `text` is too long.
  static func check(_ text: String) throws(RabbitMQError) {
    guard text.utf8.count > maximumBytes else { return }
    throw RabbitMQError(
      .invalidArgument, "\"\(text.prefix(40))…\" has \(text.utf8.count) bytes, at most \(maximumBytes) are allowed")
  }
}
