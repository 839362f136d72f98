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
    let channel = ChannelState(isTransient: isTransient, generation: nextRequestID())
    channels[number] = channel
    do {
      try await open(channel, number)
      return number
    } catch {
      // The channel may be there all the same, or come later.
      await close(channel, number)
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
    let channel = try usableChannel(number)
    try method.check()
    // While the connection is being recovered, the link may be in its handshake, and the channel not be on it yet.
    guard let link, link.isOpen, channel.isAnnounced || method == .channelOpen else { throw closedError }
    try Task.checkCancellation()
    return try await ask(method, on: number, channel, link, description, timeout: timeout ?? options.requestTimeout)
  }

  private func ask(
    _ method: ClientMethod, on number: UInt16, _ channel: ChannelState, _ link: Link, _ description: String,
    timeout: Duration
  ) async throws -> ServerMethod {
    let id = nextRequestID()
    let deadline = ContinuousClock.now + timeout
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let request = PendingRequest(
          id: id, deadline: deadline, answer: method.answer, description: description, continuation: continuation)
        // A method of self: a closure that does not capture the actor does not run on its thread.
        self.put(request, method, on: number, channel, link)
      }
    } onCancel: {
      // Its answer is still to come, and must not be taken for that of the next request: it stays in the list.
      Task { await cancelRequest(id, on: number) }
    }
  }

  private func put(
    _ request: PendingRequest, _ method: ClientMethod, on number: UInt16, _ channel: ChannelState, _ link: Link
  ) {
    do {
      try link.writer.append(method, on: number)
      channel.isAnnounced = true
      channel.requests.append(request)
    } catch {
      // It fits no frame, which is no fault of the link's.
      request.resume(.failure(error))
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
    guard let channel = channels[number] else { return }
    guard channel.closeReason == nil else {
      try handleLate(method, on: number, channel)
      return
    }
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
      channel.requests.remove(at: index).end(.success(method))
    }
  }

  /// Of what still arrives on a channel that has ended, only the two ends' closes are of interest.
  private func handleLate(
    _ method: ServerMethod, on number: UInt16, _ channel: ChannelState
  ) throws(RabbitMQError) {
    switch method {
    case .channelClose:
      // Both ends closed it at once.
      try send(.channelCloseOK, on: number)
    case .channelCloseOK:
      channel.awaitsCloseOK = false
      if !channel.requests.isEmpty { channel.requests.removeFirst().end(.success(method)) }
      freeNumber(of: channel, number)
    default: break
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

  /// Ends a channel: everybody who waits on it is told `error`. Its number stays taken until ``closeChannel(_:)``, and until
  /// the broker knows of the end.
  func endChannel(_ number: UInt16, _ error: RabbitMQError) {
    guard let channel = channels[number], channel.closeReason == nil else { return }
    channel.closeReason = error
    channel.failRequests(error)
    // What it had not acknowledged is the broker's again.
    channel.acks = AckLedger()
    for consumer in channel.consumers.values { endConsumer(consumer, error) }
    channel.abandonPublications(error)
  }

  /// Closes a channel, and waits for the broker's answer unless the task is cancelled.
  func closeChannel(_ number: UInt16) async {
    guard let channel = channels[number] else { return }
    await close(channel, number)
  }

  private func close(_ channel: ChannelState, _ number: UInt16) async {
    guard channels[number] === channel, !channel.isReleased else { return }
    channel.isReleased = true
    if channel.closeReason == nil {
      endChannel(number, RabbitMQError(.closed, "the channel was closed by this end"))
      if let link, link.isOpen, channel.isAnnounced {
        channel.awaitsCloseOK = true
        _ = try? await ask(
          .channelClose(ReplyText(code: 200, text: "goodbye")), on: number, channel, link, "closing a channel",
          timeout: options.closeTimeout)
      }
    }
    freeNumber(of: channel, number)
  }

  /// Lets another channel have the number, once neither its owner nor the broker uses it for this one any more.
  private func freeNumber(of channel: ChannelState, _ number: UInt16) {
    guard channel.isReleased, !channel.awaitsCloseOK, channels[number] === channel else { return }
    channels[number] = nil
  }

  func checkDeadlines(of number: UInt16, _ channel: ChannelState) {
    if let request = channel.mostUrgentRequest, request.deadline <= now {
      let error = RabbitMQError(
        .timedOut, "\(request.description): \(endpoint) did not answer in time", isRetriable: true)
      switch state {
      case .recovering, .recycling:
        // What is being restored, or about to be replaced, is tried again on the next connection.
        lose(error)
        return
      default: break
      }
      if channel.closeReason == nil {
        // The answer may still come and would be taken for that of the next request: the channel cannot go on.
        channel.awaitsCloseOK = true
        attempt { try send(.channelClose(ReplyText(code: 200, text: "request timed out")), on: number) }
        endChannel(number, error)
      } else {
        channel.failRequests(error)
      }
    }
    expirePublications(on: channel)
    checkConfirms(of: channel, number)
    expireWaiters(on: channel)
  }
}
