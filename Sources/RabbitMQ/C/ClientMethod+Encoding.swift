import CRabbitMQ

extension ClientMethod {
  /// Hands the method's id and librabbitmq's struct for it to `body`; the struct is valid inside only, and its strings
  /// and tables lie in `arena`.
  func withEncoded(
    in arena: Arena, _ body: (amqp_method_number_t, UnsafeMutableRawPointer) throws(RabbitMQError) -> Void
  ) throws(RabbitMQError) {
    func encode<T>(_ id: amqp_method_number_t, _ method: T) throws(RabbitMQError) {
      var method = method
      try withUnsafeMutablePointer(to: &method) { (method) throws(RabbitMQError) in
        try body(id, UnsafeMutableRawPointer(method))
      }
    }
    switch self {
    case .startOK(let properties, let mechanism, let response):
      try encode(
        AMQP_CONNECTION_START_OK_METHOD,
        amqp_connection_start_ok_t(
          client_properties: arena.table(properties), mechanism: arena.bytes(mechanism),
          response: response.withUnsafeBytes(arena.bytes), locale: arena.bytes("en_US")))
    case .tuneOK(let channelMaximum, let frameMaximum, let heartbeat):
      try encode(
        AMQP_CONNECTION_TUNE_OK_METHOD,
        amqp_connection_tune_ok_t(channel_max: channelMaximum, frame_max: frameMaximum, heartbeat: heartbeat))
    case .open(let virtualHost):
      try encode(
        AMQP_CONNECTION_OPEN_METHOD,
        amqp_connection_open_t(
          virtual_host: arena.bytes(virtualHost), capabilities: crabbitmq_empty_bytes(), insist: 0))
    case .connectionClose(let reply):
      try encode(
        AMQP_CONNECTION_CLOSE_METHOD,
        amqp_connection_close_t(
          reply_code: reply.code, reply_text: arena.bytes(reply.text), class_id: 0, method_id: 0))
    case .connectionCloseOK:
      try encode(AMQP_CONNECTION_CLOSE_OK_METHOD, amqp_connection_close_ok_t())

    case .channelOpen:
      try encode(AMQP_CHANNEL_OPEN_METHOD, amqp_channel_open_t(out_of_band: crabbitmq_empty_bytes()))
    case .channelClose(let reply):
      try encode(
        AMQP_CHANNEL_CLOSE_METHOD,
        amqp_channel_close_t(reply_code: reply.code, reply_text: arena.bytes(reply.text), class_id: 0, method_id: 0))
    case .channelCloseOK:
      try encode(AMQP_CHANNEL_CLOSE_OK_METHOD, amqp_channel_close_ok_t())
    case .channelFlowOK(let active):
      try encode(AMQP_CHANNEL_FLOW_OK_METHOD, amqp_channel_flow_ok_t(active: active ? 1 : 0))

    case .exchangeDeclare(let exchange):
      try encode(
        AMQP_EXCHANGE_DECLARE_METHOD,
        amqp_exchange_declare_t(
          ticket: 0, exchange: arena.bytes(exchange.name), type: arena.bytes(exchange.kind.rawValue),
          passive: exchange.isPassive ? 1 : 0, durable: exchange.isDurable ? 1 : 0, auto_delete: 0, internal: 0,
          nowait: 0, arguments: arena.table(exchange.arguments)))
    case .queueDeclare(let queue):
      try encode(
        AMQP_QUEUE_DECLARE_METHOD,
        amqp_queue_declare_t(
          ticket: 0, queue: arena.bytes(queue.name), passive: queue.isPassive ? 1 : 0,
          durable: queue.isDurable ? 1 : 0, exclusive: queue.isExclusive ? 1 : 0,
          auto_delete: queue.isAutoDelete ? 1 : 0, nowait: 0, arguments: arena.table(queue.arguments)))
    case .queueBind(let binding):
      try encode(
        AMQP_QUEUE_BIND_METHOD,
        amqp_queue_bind_t(
          ticket: 0, queue: arena.bytes(binding.queue), exchange: arena.bytes(binding.exchange),
          routing_key: arena.bytes(binding.routingKey), nowait: 0, arguments: crabbitmq_empty_table()))
    case .queueUnbind(let binding):
      try encode(
        AMQP_QUEUE_UNBIND_METHOD,
        amqp_queue_unbind_t(
          ticket: 0, queue: arena.bytes(binding.queue), exchange: arena.bytes(binding.exchange),
          routing_key: arena.bytes(binding.routingKey), arguments: crabbitmq_empty_table()))
    case .queueDelete(let queue):
      try encode(
        AMQP_QUEUE_DELETE_METHOD,
        amqp_queue_delete_t(ticket: 0, queue: arena.bytes(queue), if_unused: 0, if_empty: 0, nowait: 0))
    case .qos(let prefetchCount):
      try encode(
        AMQP_BASIC_QOS_METHOD, amqp_basic_qos_t(prefetch_size: 0, prefetch_count: prefetchCount, global: 0))
    case .confirmSelect:
      try encode(AMQP_CONFIRM_SELECT_METHOD, amqp_confirm_select_t(nowait: 0))

    case .consume(let queue, let consumerTag, let isExclusive, let arguments):
      try encode(
        AMQP_BASIC_CONSUME_METHOD,
        amqp_basic_consume_t(
          ticket: 0, queue: arena.bytes(queue), consumer_tag: arena.bytes(consumerTag), no_local: 0, no_ack: 0,
          exclusive: isExclusive ? 1 : 0, nowait: 0, arguments: arena.table(arguments)))
    case .cancel(let consumerTag):
      try encode(
        AMQP_BASIC_CANCEL_METHOD, amqp_basic_cancel_t(consumer_tag: arena.bytes(consumerTag), nowait: 0))
    case .ack(let deliveryTag, let multiple):
      try encode(
        AMQP_BASIC_ACK_METHOD, amqp_basic_ack_t(delivery_tag: deliveryTag, multiple: multiple ? 1 : 0))
    case .nack(let deliveryTag, let multiple, let requeue):
      try encode(
        AMQP_BASIC_NACK_METHOD,
        amqp_basic_nack_t(
          delivery_tag: deliveryTag, multiple: multiple ? 1 : 0, requeue: requeue ? 1 : 0))
    }
  }
}
