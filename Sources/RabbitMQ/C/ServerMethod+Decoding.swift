import CRabbitMQ

extension ServerMethod {
  /// Copies a decoded method; librabbitmq's memory is not referred to afterwards.
  init(_ method: amqp_method_t, _ texts: inout TextCache) {
    func read<T>(_: T.Type) -> T? { method.decoded?.assumingMemoryBound(to: T.self).pointee }

    switch method.id {
    case AMQP_CONNECTION_START_METHOD:
      guard let start = read(amqp_connection_start_t.self) else { break }
      self = .connectionStart(
        mechanisms: String(start.mechanisms).split(separator: " ").map(String.init),
        properties: FieldTable(start.server_properties))
      return
    case AMQP_CONNECTION_TUNE_METHOD:
      guard let tune = read(amqp_connection_tune_t.self) else { break }
      self = .connectionTune(
        channelMaximum: tune.channel_max, frameMaximum: tune.frame_max, heartbeat: tune.heartbeat)
      return
    case AMQP_CONNECTION_OPEN_OK_METHOD: self = .connectionOpenOK; return
    case AMQP_CONNECTION_CLOSE_METHOD:
      guard let close = read(amqp_connection_close_t.self) else { break }
      self = .connectionClose(ReplyText(code: close.reply_code, text: String(close.reply_text)))
      return
    case AMQP_CONNECTION_CLOSE_OK_METHOD: self = .connectionCloseOK; return
    case AMQP_CONNECTION_BLOCKED_METHOD:
      guard let blocked = read(amqp_connection_blocked_t.self) else { break }
      self = .connectionBlocked(reason: String(blocked.reason))
      return
    case AMQP_CONNECTION_UNBLOCKED_METHOD: self = .connectionUnblocked; return

    case AMQP_CHANNEL_OPEN_OK_METHOD: self = .channelOpenOK; return
    case AMQP_CHANNEL_CLOSE_METHOD:
      guard let close = read(amqp_channel_close_t.self) else { break }
      self = .channelClose(ReplyText(code: close.reply_code, text: String(close.reply_text)))
      return
    case AMQP_CHANNEL_CLOSE_OK_METHOD: self = .channelCloseOK; return
    case AMQP_CHANNEL_FLOW_METHOD:
      guard let flow = read(amqp_channel_flow_t.self) else { break }
      self = .channelFlow(active: flow.active != 0)
      return

    case AMQP_EXCHANGE_DECLARE_OK_METHOD: self = .exchangeDeclareOK; return
    case AMQP_QUEUE_DECLARE_OK_METHOD:
      guard let queue = read(amqp_queue_declare_ok_t.self) else { break }
      self = .queueDeclareOK(
        QueueStatus(
          name: String(queue.queue), messageCount: Int(queue.message_count), consumerCount: Int(queue.consumer_count)))
      return
    case AMQP_QUEUE_BIND_OK_METHOD: self = .queueBindOK; return
    case AMQP_QUEUE_UNBIND_OK_METHOD: self = .queueUnbindOK; return
    case AMQP_QUEUE_DELETE_OK_METHOD:
      guard let deleted = read(amqp_queue_delete_ok_t.self) else { break }
      self = .queueDeleteOK(messages: deleted.message_count)
      return
    case AMQP_BASIC_QOS_OK_METHOD: self = .qosOK; return
    case AMQP_CONFIRM_SELECT_OK_METHOD: self = .confirmSelectOK; return

    case AMQP_BASIC_CONSUME_OK_METHOD:
      guard let consume = read(amqp_basic_consume_ok_t.self) else { break }
      self = .consumeOK(consumerTag: String(consume.consumer_tag))
      return
    case AMQP_BASIC_CANCEL_OK_METHOD:
      guard let cancel = read(amqp_basic_cancel_ok_t.self) else { break }
      self = .cancelOK(consumerTag: String(cancel.consumer_tag))
      return
    case AMQP_BASIC_CANCEL_METHOD:
      guard let cancel = read(amqp_basic_cancel_t.self) else { break }
      self = .cancel(consumerTag: String(cancel.consumer_tag))
      return
    case AMQP_BASIC_DELIVER_METHOD:
      guard let deliver = read(amqp_basic_deliver_t.self) else { break }
      self = .deliver(
        DeliveryHeader(
          consumerTag: texts.text(deliver.consumer_tag), deliveryTag: deliver.delivery_tag,
          isRedelivered: deliver.redelivered != 0, exchange: texts.text(deliver.exchange),
          routingKey: texts.text(deliver.routing_key)))
      return
    case AMQP_BASIC_RETURN_METHOD:
      guard let returned = read(amqp_basic_return_t.self) else { break }
      self = .returned(
        ReplyText(code: returned.reply_code, text: String(returned.reply_text)),
        exchange: String(returned.exchange), routingKey: String(returned.routing_key))
      return
    case AMQP_BASIC_ACK_METHOD:
      guard let ack = read(amqp_basic_ack_t.self) else { break }
      self = .ack(deliveryTag: ack.delivery_tag, multiple: ack.multiple != 0)
      return
    case AMQP_BASIC_NACK_METHOD:
      guard let nack = read(amqp_basic_nack_t.self) else { break }
      self = .nack(deliveryTag: nack.delivery_tag, multiple: nack.multiple != 0)
      return
    default: break
    }
    self = .other(id: method.id)
  }
}
