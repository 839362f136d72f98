import Logging

extension Connection {
  func consume(_ queue: String, prefetch: Int, arguments: FieldTable, on number: UInt16) async throws {
    // Prefetch 0 would mean no bound at all.
    guard let count = UInt16(exactly: prefetch), count > 0 else {
      throw RabbitMQError(.preconditionFailed, "prefetch must be between 1 and 65535, not \(prefetch)")
    }
    let deadline = ContinuousClock.now + options.requestTimeout
    try await waitUntilOpen(deadline)
    try checkUsable(number)
    let consumerTag = Consumer.tag(onChannel: number)
    await channels[number]?.givingUp?.value
    try checkUsable(number)
    guard let channel = channels[number], channel.consumers[consumerTag] == nil else {
      throw RabbitMQError(.preconditionFailed, "channel \(number) has a consumer already")
    }
    let consumer = ConsumerState(queue: queue, prefetch: count, arguments: arguments)
    channel.consumers[consumerTag] = consumer
    let generation = channel.generation
    do {
      try await subscribe(consumer, consumerTag, on: number)
    } catch {
      channel.consumers[consumerTag] = nil
      // The broker may have subscribed it all the same, and takes the tag but once.
      if error is CancellationError, channel.generation == generation {
        channel.givingUp = Task { await giveUp(consumer, consumerTag, on: number, channel) }
      }
      throw error
    }
  }

  /// Takes a subscription back that a cancelled task has asked for.
  private func giveUp(
    _ consumer: ConsumerState, _ consumerTag: String, on number: UInt16, _ channel: ChannelState
  ) async {
    let generation = channel.generation
    await subscriptionsAnswered(on: channel)
    guard channel.closeReason == nil, channel.generation == generation else { return }
    post(.cancel(consumerTag: consumerTag), on: number, channel, "cancelling the consumer")
    for delivery in consumer.buffer.deliveries { giveBack(delivery, on: number, channel) }
  }

  /// Waits until the broker has answered what it was asked to subscribe: inside of it a cancel can overtake the queue's
  /// answer, and it then ends the whole connection with an internal error.
  func subscriptionsAnswered(on channel: ChannelState) async {
    while let request = channel.requests.first(where: { $0.answer == .consume }) {
      await withCheckedContinuation { request.ended($0) }
    }
  }

  /// Tells the broker of a consumer, on the connection that there is.
  func subscribe(_ consumer: ConsumerState, _ consumerTag: String, on number: UInt16) async throws {
    let qos = try await exchange(.qos(prefetchCount: consumer.prefetch), on: number, "setting the prefetch")
    guard qos == .qosOK else { throw unexpected(qos) }
    if case .recycling = state {
      // The recovery before has done it, and what was delivered waits for whoever has asked for it.
      guard !consumer.hasBeenSubscribed else { return }
      // What is begun now might come behind the connection's close.
      try await waitUntilOpen(.now + options.requestTimeout)
      return try await subscribe(consumer, consumerTag, on: number)
    }
    guard !consumer.isSubscribed, consumer.end == nil else { return }
    // The first delivery may follow the answer at once.
    consumer.isSubscribed = true
    do {
      let reply = try await exchange(
        .consume(
          queue: consumer.queue, consumerTag: consumerTag, isExclusive: false, arguments: consumer.arguments),
        on: number, "consuming \(consumer.queue)")
      guard case .consumeOK = reply else { throw unexpected(reply) }
      consumer.hasBeenSubscribed = true
    } catch {
      consumer.isSubscribed = false
      throw error
    }
  }

  func deliver(_ delivery: Delivery, to consumerTag: String, on number: UInt16, _ channel: ChannelState) {
    guard let consumer = channel.consumers[consumerTag] else {
      // The task that subscribed was cancelled before the broker answered.
      logger.debug(
        "a delivery came for a consumer that was given up, and goes back to its queue",
        metadata: ["channel": "\(number)", "consumer": "\(consumerTag)"])
      giveBack(delivery, on: number, channel)
      return
    }
    noteWork()
    consumer.buffer.append(delivery)
    channel.hasNewDeliveries = true
    if consumer.buffer.byteCount >= options.maximumBufferedBytes { mayBeFull = true }
  }

  func nextBatch(
    of consumerTag: String, upTo maximum: Int, bytes: Int, deadline: ContinuousClock.Instant?, linger: Duration,
    on number: UInt16
  ) async throws -> [Delivery]? {
    guard let consumer = channels[number]?.consumers[consumerTag] else {
      try checkUsable(number)
      throw RabbitMQError(.closed, "channel \(number) has no consumer \(consumerTag)")
    }
    guard consumer.waiter == nil else {
      throw RabbitMQError(.preconditionFailed, "two tasks wait for deliveries of \(consumerTag)")
    }
    try Task.checkCancellation()
    let id = nextRequestID()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        consumer.waiter = .init(
          id: id, maximum: max(maximum, 1), bytes: max(bytes, 1), deadline: deadline, linger: linger,
          continuation: continuation)
        handOver(consumer)
      }
    } onCancel: {
      Task { await releaseWaiter(id, of: consumerTag, on: number) }
    }
  }

  /// Gives the waiting task what there is: deliveries, or the end.
  func handOver(_ consumer: ConsumerState) {
    guard let waiter = consumer.waiter else { return }
    if case .failed(let error) = consumer.end {
      // Unsettled deliveries of a dead channel are delivered again elsewhere: handing them out would do their work twice.
      consumer.buffer.removeAll()
      consumer.waiter = nil
      waiter.continuation.resume(throwing: error)
    } else if !consumer.buffer.isEmpty {
      if waiter.linger > .zero, !consumer.isEnough(for: waiter), consumer.end == nil {
        // Outside a turn of the connection its own notion of the time is that of the turn before.
        let time = ContinuousClock.now
        let end = waiter.lingersUntil ?? time + waiter.linger
        consumer.waiter?.lingersUntil = end
        if end > time { return }
      }
      consumer.release(waiter)
    } else if case .cancelled = consumer.end {
      consumer.waiter = nil
      waiter.continuation.resume(returning: nil)
    } else {
      // Those that it lingered for went with a lost connection.
      consumer.waiter?.lingersUntil = nil
    }
  }

  /// Takes deliveries back that a caller took and did not look at: they are the next ones again.
  func putBack(_ deliveries: ArraySlice<Delivery>, into consumerTag: String, on number: UInt16) {
    guard let channel = channels[number], let consumer = channel.consumers[consumerTag] else { return }
    consumer.buffer.putBack(deliveries.filter { $0.generation == channel.generation })
    handOver(consumer)
  }

  /// Lets a task go that was cancelled while it waited; nobody else's deliveries are touched.
  private func releaseWaiter(_ id: Int, of consumerTag: String, on number: UInt16) {
    guard let consumer = channels[number]?.consumers[consumerTag], let waiter = consumer.waiter, waiter.id == id else {
      return
    }
    consumer.waiter = nil
    waiter.continuation.resume(throwing: CancellationError())
  }

  func expireWaiters(on channel: ChannelState) {
    for consumer in channel.consumers.values {
      guard let waiter = consumer.waiter,
        let deadline = waiter.nextDeadline(hasDeliveries: !consumer.buffer.isEmpty), deadline <= now
      else { continue }
      consumer.release(waiter)
    }
  }

  func endConsumer(_ consumer: ConsumerState, _ error: any Error) {
    if case .failed = consumer.end { return }
    consumer.isSubscribed = false
    consumer.end = .failed(error)
    handOver(consumer)
  }

  func cancelConsumer(_ consumerTag: String, on number: UInt16) async throws {
    try checkUsable(number)
    guard let channel = channels[number], let consumer = channel.consumers[consumerTag] else { return }
    await subscriptionsAnswered(on: channel)
    try checkUsable(number)
    if consumer.end == nil, consumer.isSubscribed {
      // Whoever cancels wants to end: a broker that hangs must not keep them.
      let generation = channels[number]?.generation
      consumer.isBeingCancelled = true
      defer { consumer.isBeingCancelled = false }
      do {
        let reply = try await exchange(
          .cancel(consumerTag: consumerTag), on: number, "cancelling the consumer", timeout: options.closeTimeout)
        guard case .cancelOK = reply else { throw unexpected(reply) }
      } catch let error as CancellationError {
        // The broker may have been asked or not: a second time does no harm, and the consumer's caller hears of an end.
        if let channel = channels[number], channel.closeReason == nil, channel.generation == generation {
          post(.cancel(consumerTag: consumerTag), on: number, channel, "cancelling the consumer")
        }
        end(consumer)
        throw error
      } catch let error as RabbitMQError {
        // What went with a lost connection is as good as cancelled, and not subscribed again.
        guard let channel = channels[number], channel.closeReason == nil, channel.generation != generation else {
          throw error
        }
      }
    }
    end(consumer)
  }

  /// One that is not subscribed at the moment, because its connection is being recovered, will not be again.
  private func end(_ consumer: ConsumerState) {
    consumer.isSubscribed = false
    if consumer.end == nil { consumer.end = .cancelled }
    handOver(consumer)
  }

  func acknowledge(_ deliveries: [Delivery], on number: UInt16) throws {
    try checkUsable(number)
    guard let channel = channels[number] else { return }
    var twice: UInt64?
    for delivery in deliveries where delivery.generation == channel.generation {
      if channel.acks.acknowledge(delivery.deliveryTag) {
        metrics.acknowledged += 1
      } else {
        twice = delivery.deliveryTag
      }
    }
    sendAcknowledgement(on: number, channel)
    if let twice { throw settledBefore(twice) }
  }

  func reject(_ delivery: Delivery, requeue: Bool, on number: UInt16) throws {
    try checkUsable(number)
    guard let channel = channels[number], delivery.generation == channel.generation else { return }
    guard channel.acks.reject(delivery.deliveryTag) else { throw settledBefore(delivery.deliveryTag) }
    sendRejection(of: delivery, requeue: requeue, on: number, channel)
  }

  /// Puts a delivery that nobody takes back into its queue.
  private func giveBack(_ delivery: Delivery, on number: UInt16, _ channel: ChannelState) {
    guard channel.acks.reject(delivery.deliveryTag) else { return }
    sendRejection(of: delivery, requeue: true, on: number, channel)
  }

  private func sendRejection(of delivery: Delivery, requeue: Bool, on number: UInt16, _ channel: ChannelState) {
    metrics.rejected += 1
    attempt { try send(.nack(deliveryTag: delivery.deliveryTag, multiple: false, requeue: requeue), on: number) }
    sendAcknowledgement(on: number, channel)
  }

  private func sendAcknowledgement(on number: UInt16, _ channel: ChannelState) {
    guard let last = channel.acks.takeAcknowledgeable() else { return }
    attempt { try send(.ack(deliveryTag: last, multiple: true), on: number) }
  }

  private func settledBefore(_ tag: UInt64) -> RabbitMQError {
    RabbitMQError(.preconditionFailed, "delivery \(tag) was settled before")
  }

  // MARK: Cancelled by the broker

  func consumerCancelled(_ consumerTag: String, on number: UInt16, _ channel: ChannelState) {
    guard let consumer = channel.consumers[consumerTag], consumer.end == nil else { return }
    consumer.isSubscribed = false
    let error = RabbitMQError(
      .consumerCancelled, "the broker cancelled the consumer of \(consumer.queue): was the queue deleted?")
    guard let policy = options.recovery else {
      endConsumer(consumer, error)
      return
    }
    // One that is cancelled again and again waits longer each time.
    var delay = Duration.zero
    if let last = consumer.lastCancel, now - last.time < max(last.delay * 2, policy.initialDelay) {
      delay = min(max(last.delay * 2, policy.initialDelay), policy.maximumDelay)
    }
    consumer.lastCancel = (now, delay)
    logger.warning(
      "the broker cancelled the consumer, subscribing again",
      metadata: ["channel": "\(number)", "queue": "\(consumer.queue)"])
    let generation = channel.generation
    Task { [weak self] in
      if delay > .zero { try? await Task.sleep(for: delay) }
      await self?.subscribeAgain(consumer: consumerTag, on: number, generation: generation, error)
    }
  }

  private func subscribeAgain(
    consumer consumerTag: String, on number: UInt16, generation: Int, _ cancellation: RabbitMQError
  ) async {
    // Its recovery may be restoring other channels still.
    while case .recovering = state, channels[number]?.generation == generation {
      try? await waitUntilOpen(.now + options.requestTimeout)
    }
    // Where the connection was lost meanwhile, its recovery subscribes all consumers.
    guard case .open = state, let channel = channels[number], channel.generation == generation,
      channel.closeReason == nil, let consumer = channel.consumers[consumerTag], consumer.end == nil
    else { return }
    do {
      let steps = topology.steps(for: consumer.queue)
      let failures = try await declare(steps + [.queue(QueueDeclaration(consumer.queue, isPassive: true))])
      if let failure = failures[consumer.queue] {
        endConsumer(
          consumer,
          RabbitMQError(
            .consumerCancelled, "the broker cancelled the consumer of \(consumer.queue), which is gone: \(failure)"))
        return
      }
      guard channel.generation == generation, consumer.end == nil else { return }
      try await subscribe(consumer, consumerTag, on: number)
      logger.notice("subscribed again", metadata: ["channel": "\(number)", "queue": "\(consumer.queue)"])
    } catch {
      // The end of its channel or its connection is told, or mended, elsewhere.
      logger.debug("not subscribed", metadata: ["channel": "\(number)", "reason": "\(error)"])
      if channel.generation == generation, case .open = state { endConsumer(consumer, error) }
    }
  }
}
