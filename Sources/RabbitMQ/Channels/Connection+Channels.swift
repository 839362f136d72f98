import Logging

extension Connection {
  /// Opens a channel: a conversation of its own inside the connection.
  ///
  /// - Throws: ``RabbitMQError``, also where the connection has no channel left.
  public func openChannel() async throws -> Channel {
    try await waitUntilOpen(.now + options.requestTimeout)
    return Channel(connection: self, number: try await allocateChannel(isTransient: false))
  }

  /// Opens a channel on the connection that there is, also while it is being recovered.
  ///
  /// - Parameter isTransient: whether it is for this connection only, and not opened again on the next one.
  func allocateChannel(isTransient: Bool) async throws -> UInt16 {
    guard let link else { throw closedError }
    guard let number = (1...max(link.channelMaximum, 1)).first(where: { channels[$0] == nil }) else {
      throw RabbitMQError(.channelClosed, "all \(link.channelMaximum) channels of the connection are in use")
    }
    let channel = ChannelState(isTransient: isTransient)
    channels[number] = channel
    do {
      try await open(channel, number)
      return number
    } catch let error as RabbitMQError where error.code == .timedOut {
      // The number stays taken: the late answer must not be taken for another channel's.
      throw error
    } catch let error as CancellationError {
      // The channel may be there all the same.
      Task { await closeChannel(number) }
      throw error
    } catch {
      if channels[number] === channel { channels[number] = nil }
      throw error
    }
  }

  /// Opens a channel, or opens it again.
  func open(_ channel: ChannelState, _ number: UInt16) async throws {
    let reply = try await exchange(.channelOpen, on: number, "opening a channel")
    guard reply == .channelOpenOK else { throw unexpected(reply) }
    channel.isEstablished = true
  }

  /// Sends a request and waits for its answer, suspended; a connection that is being recovered is waited for as well.
  func request(_ method: ClientMethod, on number: UInt16, _ description: String) async throws -> ServerMethod {
    try await waitUntilOpen(.now + options.requestTimeout)
    return try await exchange(method, on: number, description)
  }

  /// Sends a request on the connection that there is and waits for its answer, suspended.
  ///
  /// - Parameter timeout: how long, where that is another time than the connection's option.
  func exchange(
    _ method: ClientMethod, on number: UInt16, _ description: String, timeout: Duration? = nil
  ) async throws -> ServerMethod {
    try checkUsable(number)
    try method.check()
    guard link != nil, let channel = channels[number] else { throw closedError }
    try Task.checkCancellation()
    let id = nextRequestID()
    let deadline = ContinuousClock.now + (timeout ?? options.requestTimeout)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        channel.requests.append(
          PendingRequest(
            id: id, deadline: deadline, answer: method.answer, description: description, continuation: continuation))
        channel.isAnnounced = true
        attempt { try send(method, on: number) }
      }
    } onCancel: {
      // Its answer is still to come, and must not be taken for that of the next request: it stays in the list.
      Task { await cancelRequest(id, on: number) }
    }
  }

  /// Sends a request whose answer nobody waits for.
  func post(_ method: ClientMethod, on number: UInt16, _ channel: ChannelState, _ description: String) {
    channel.requests.append(
      PendingRequest(
        id: nextRequestID(), deadline: .now + options.requestTimeout, answer: method.answer, description: description,
        continuation: nil))
    attempt { try send(method, on: number) }
  }

  private func cancelRequest(_ id: Int, on number: UInt16) {
    channels[number]?.requests.first { $0.id == id }?.resume(.failure(CancellationError()))
  }

  /// - Throws: why the channel cannot be used, now or on the next connection.
  func checkUsable(_ number: UInt16) throws { _ = try usableChannel(number) }

  /// The channel with a number.
  ///
  /// - Throws: why it takes nothing any more.
  func usableChannel(_ number: UInt16) throws -> ChannelState {
    switch state {
    case .open, .recovering, .recycling: break
    case .opening, .closing, .closed: throw closedError
    }
    guard let channel = channels[number] else { throw RabbitMQError(.closed, "channel \(number) was closed") }
    if let reason = channel.closeReason { throw reason }
    return channel
  }

  func unexpected(_ method: ServerMethod) -> RabbitMQError {
    let error = RabbitMQError(.protocolViolation, "the broker gave another answer than was asked for: \(method)")
    lose(error)
    return error
  }

  func handle(_ method: ServerMethod, on number: UInt16) throws(RabbitMQError) {
    // What still arrives on a channel that is gone is of no interest; its close has been answered.
    guard let channel = channels[number], channel.closeReason == nil || method.isChannelClose else { return }
    switch method {
    case .deliver(let header):
      try channel.assembler.begin(.delivery(header))
    case .returned(let reply, let exchange, let routingKey):
      try channel.assembler.begin(.returned(reply, exchange: exchange, routingKey: routingKey))
    case .ack(let tag, let multiple):
      settle(tag, multiple: multiple, isConfirmed: true, on: channel)
    case .nack(let tag, let multiple):
      settle(tag, multiple: multiple, isConfirmed: false, on: channel)
    case .cancel(let consumerTag):
      consumerCancelled(consumerTag, on: number, channel)
    case .channelClose(let reply):
      try send(.channelCloseOK, on: number)
      logger.debug("channel closed", metadata: ["channel": "\(number)", "reason": "\(reply.text)"])
      endChannel(number, RabbitMQError(channelClose: reply))
    case .channelFlow(let active):
      // RabbitMQ never sends it, but an unanswered one would end the connection.
      try send(.channelFlowOK(active: active), on: number)
    default:
      guard let index = channel.requests.firstIndex(where: { $0.answer == method.answer }) else {
        throw RabbitMQError(.protocolViolation, "an answer came that nobody waits for: \(method)")
      }
      channel.requests.remove(at: index).resume(.success(method))
    }
  }

  func handle(_ content: Content, on number: UInt16, _ channel: ChannelState) throws(RabbitMQError) {
    switch content.announcement {
    case .delivery(let header):
      try channel.acks.delivered(header.deliveryTag)
      metrics.delivered += 1
      if header.isRedelivered { metrics.redelivered += 1 }
      deliver(
        Delivery(header, properties: content.properties, body: content.body, generation: channel.generation),
        to: header.consumerTag, on: number, channel)
    case .returned(let reply, _, _):
      noteReturn(messageID: content.properties.messageID, reason: reply.text, on: number, channel)
    }
  }

  /// Ends a channel: everybody who waits on it is told `error`. Its number stays taken until ``closeChannel(_:)``.
  func endChannel(_ number: UInt16, _ error: RabbitMQError) {
    guard let channel = channels[number], channel.closeReason == nil else { return }
    channel.closeReason = error
    channel.failRequests(error)
    for consumer in channel.consumers.values { endConsumer(consumer, error) }
    channel.abandonPublications(error)
  }

  func closeChannel(_ number: UInt16) async {
    guard let channel = channels[number] else { return }
    if channel.closeReason == nil {
      if link != nil, channel.isAnnounced {
        _ = try? await exchange(.channelClose(ReplyText(code: 200, text: "goodbye")), on: number, "closing a channel")
      }
      endChannel(number, RabbitMQError(.closed, "the channel was closed by this end"))
    }
    if channels[number] === channel { channels[number] = nil }
  }

  func checkDeadlines(of number: UInt16, _ channel: ChannelState) {
    if let request = channel.requests.first, request.deadline <= now {
      // The answer may still come and would be taken for that of the next request: the channel cannot go on.
      let error = RabbitMQError(
        .timedOut, "\(request.description): \(endpoint) did not answer in time", isRetriable: true)
      attempt { try send(.channelClose(ReplyText(code: 200, text: "request timed out")), on: number) }
      endChannel(number, error)
    }
    expirePublications(on: channel)
    checkConfirms(of: channel, number)
    expireWaiters(on: channel)
  }
}
