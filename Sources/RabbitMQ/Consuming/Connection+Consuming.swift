import Logging

extension Connection {
  func consume(_ queue: String, prefetch: Int, arguments: FieldTable, on number: UInt16) async throws {
    // Prefetch 0 would mean no bound at all.
    guard let count = UInt16(exactly: prefetch), count > 0 else {
      throw RabbitMQError(.preconditionFailed, "prefetch must be between 1 and 65535, not \(prefetch)")
    }
    let consumerTag = Consumer.tag(onChannel: number)
    guard channels[number]?.consumers[consumerTag] == nil else {
      throw RabbitMQError(.preconditionFailed, "channel \(number) has a consumer already")
    }
    let qos = try await request(.qos(prefetchCount: count), on: number, "setting the prefetch")
    guard qos == .qosOK else { throw unexpected(qos) }
    // The first delivery may follow the answer at once.
    channels[number]?.consumers[consumerTag] = ConsumerState()
    let reply = try await request(
      .consume(queue: queue, consumerTag: consumerTag, isExclusive: false, arguments: arguments), on: number,
      "consuming \(queue)")
    guard case .consumeOK = reply else { throw unexpected(reply) }
  }

  func deliver(_ delivery: Delivery, to consumerTag: String, on number: UInt16) {
    guard channels[number]?.consumers[consumerTag] != nil else {
      logger.warning("a delivery came for an unknown consumer", metadata: ["consumer": "\(consumerTag)"])
      return
    }
    channels[number]?.consumers[consumerTag]?.buffer.append(delivery)
    handOver(consumerTag, on: number)
  }

  func nextBatch(
    of consumerTag: String, upTo maximum: Int, deadline: ContinuousClock.Instant?, ticket: ConsumerState.Ticket,
    on number: UInt16
  ) async throws -> [Delivery]? {
    guard let consumer = channels[number]?.consumers[consumerTag] else {
      try checkOpen(number)
      throw RabbitMQError(.closed, "channel \(number) has no consumer \(consumerTag)")
    }
    guard consumer.waiter == nil else {
      throw RabbitMQError(.preconditionFailed, "two tasks wait for deliveries of \(consumerTag)")
    }
    try Task.checkCancellation()
    return try await withCheckedThrowingContinuation { continuation in
      channels[number]?.consumers[consumerTag]?.waiter = .init(
        ticket: ticket, maximum: max(maximum, 1), continuation: continuation, deadline: deadline)
      handOver(consumerTag, on: number)
    }
  }

  /// Gives the waiting task what there is: deliveries, or the end.
  private func handOver(_ consumerTag: String, on number: UInt16) {
    guard var consumer = channels[number]?.consumers[consumerTag], let waiter = consumer.waiter else { return }
    if case .failed(let error) = consumer.end {
      // Unsettled deliveries of a dead channel are delivered again elsewhere: handing them out would do their work twice.
      consumer.buffer = []
      consumer.waiter = nil
      channels[number]?.consumers[consumerTag] = consumer
      waiter.continuation.resume(throwing: error)
    } else if !consumer.buffer.isEmpty {
      let batch = consumer.take(upTo: waiter.maximum)
      consumer.waiter = nil
      channels[number]?.consumers[consumerTag] = consumer
      waiter.continuation.resume(returning: batch)
    } else if case .cancelled = consumer.end {
      channels[number]?.consumers[consumerTag]?.waiter = nil
      waiter.continuation.resume(returning: nil)
    }
  }

  /// Lets a task go that was cancelled while it waited; nobody else's deliveries are touched.
  func releaseWaiter(_ ticket: ConsumerState.Ticket, of consumerTag: String, on number: UInt16) {
    guard let waiter = channels[number]?.consumers[consumerTag]?.waiter, waiter.ticket === ticket else { return }
    channels[number]?.consumers[consumerTag]?.waiter = nil
    waiter.continuation.resume(throwing: CancellationError())
  }

  func expireWaiters(on number: UInt16, at now: ContinuousClock.Instant) {
    for (consumerTag, consumer) in channels[number]?.consumers ?? [:] {
      guard let waiter = consumer.waiter, let deadline = waiter.deadline, deadline <= now else { continue }
      channels[number]?.consumers[consumerTag]?.waiter = nil
      waiter.continuation.resume(returning: [])
    }
  }

  func endConsumer(_ consumerTag: String, on number: UInt16, _ error: RabbitMQError) {
    guard let consumer = channels[number]?.consumers[consumerTag] else { return }
    if case .failed = consumer.end { return }
    channels[number]?.consumers[consumerTag]?.end = .failed(error)
    handOver(consumerTag, on: number)
  }

  func cancelConsumer(_ consumerTag: String, on number: UInt16) async throws {
    // Whoever cancels wants to end: a broker that hangs must not keep them.
    let reply = try await request(
      .cancel(consumerTag: consumerTag), on: number, "cancelling the consumer", timeout: options.closeTimeout)
    guard case .cancelOK = reply else { throw unexpected(reply) }
    if channels[number]?.consumers[consumerTag]?.end == nil {
      channels[number]?.consumers[consumerTag]?.end = .cancelled
      handOver(consumerTag, on: number)
    }
  }

  func acknowledge(_ tags: [UInt64], on number: UInt16) throws {
    try checkOpen(number)
    var acks = channels[number]?.acks ?? AckLedger()
    var twice: UInt64?
    for tag in tags where !acks.acknowledge(tag) { twice = tag }
    let last = acks.takeAcknowledgeable()
    channels[number]?.acks = acks
    if let last { attempt { try send(.ack(deliveryTag: last, multiple: true), on: number) } }
    if let twice { throw settledBefore(twice) }
  }

  func reject(_ tag: UInt64, requeue: Bool, on number: UInt16) throws {
    try checkOpen(number)
    var acks = channels[number]?.acks ?? AckLedger()
    guard acks.reject(tag) else { throw settledBefore(tag) }
    attempt { try send(.nack(deliveryTag: tag, multiple: false, requeue: requeue), on: number) }
    let last = acks.takeAcknowledgeable()
    channels[number]?.acks = acks
    if let last { attempt { try send(.ack(deliveryTag: last, multiple: true), on: number) } }
  }

  private func settledBefore(_ tag: UInt64) -> RabbitMQError {
    RabbitMQError(.preconditionFailed, "delivery \(tag) was settled before")
  }
}
