import Logging

extension Connection {
  /// Opens a channel: a conversation of its own inside the connection.
  ///
  /// - Throws: ``RabbitMQError``, also where the connection has no channel left.
  public func openChannel() async throws -> Channel {
    guard case .open = state else { throw closedError }
    guard let number = (1...max(channelMaximum, 1)).first(where: { channels[$0] == nil }) else {
      throw RabbitMQError(.channelClosed, "all \(channelMaximum) channels of the connection are in use")
    }
    channels[number] = ChannelState()
    do {
      let reply = try await request(.channelOpen, on: number, "opening a channel")
      guard reply == .channelOpenOK else { throw unexpected(reply) }
      return Channel(connection: self, number: number)
    } catch let error as RabbitMQError where error.code != .timedOut {
      // After a time-out the number stays taken: the late answer must not be taken for another channel's.
      channels[number] = nil
      throw error
    }
  }

  /// Sends a request and waits for its answer, suspended.
  ///
  /// - Parameter timeout: how long, where that is another time than the connection's option.
  func request(
    _ method: ClientMethod, on number: UInt16, _ description: String, timeout: Duration? = nil
  ) async throws -> ServerMethod {
    let timeout = timeout ?? options.requestTimeout
    try checkOpen(number)
    try method.check()
    return try await withCheckedThrowingContinuation { continuation in
      channels[number]?.requests.append(
        .init(continuation: continuation, deadline: .now + timeout, description: description))
      attempt { try send(method, on: number) }
    }
  }

  /// - Throws: why the channel cannot be used.
  func checkOpen(_ number: UInt16) throws {
    guard case .open = state else { throw closedError }
    guard let channel = channels[number] else { throw RabbitMQError(.closed, "channel \(number) was closed") }
    if let reason = channel.closeReason { throw reason }
  }

  func unexpected(_ method: ServerMethod) -> RabbitMQError {
    let error = RabbitMQError(.protocolViolation, "the broker gave another answer than was asked for: \(method)")
    fail(error)
    return error
  }

  func handle(_ method: ServerMethod, on number: UInt16) throws(RabbitMQError) {
    // What still arrives on a channel that is gone is of no interest; its close has been answered.
    guard let channel = channels[number] else { return }
    guard channel.closeReason == nil || method.isChannelClose else {
      transport?.releaseBuffers(of: number)
      return
    }
    switch method {
    case .deliver(let header):
      try channels[number]?.assembler.begin(.delivery(header))
      return
    case .returned(let reply, let exchange, let routingKey):
      try channels[number]?.assembler.begin(.returned(reply, exchange: exchange, routingKey: routingKey))
      return
    case .ack(let tag, let multiple):
      settle(tag, multiple: multiple, isConfirmed: true, on: number)
    case .nack(let tag, let multiple):
      settle(tag, multiple: multiple, isConfirmed: false, on: number)
    case .cancel(let consumerTag):
      endConsumer(
        consumerTag, on: number,
        RabbitMQError(.consumerCancelled, "the broker cancelled the consumer \(consumerTag): was its queue deleted?"))
    case .channelClose(let reply):
      try send(.channelCloseOK, on: number)
      logger.debug("channel closed", metadata: ["channel": "\(number)", "reason": "\(reply.text)"])
      endChannel(number, RabbitMQError(channelClose: reply))
    case .channelFlow(let active):
      // RabbitMQ never sends it, but an unanswered one would end the connection.
      try send(.channelFlowOK(active: active), on: number)
    default:
      guard let request = channels[number]?.requests.first else {
        throw RabbitMQError(.protocolViolation, "an answer came that nobody waits for: \(method)")
      }
      channels[number]?.requests.removeFirst()
      request.continuation.resume(returning: method)
    }
    if channels[number]?.assembler.isIdle ?? true { transport?.releaseBuffers(of: number) }
  }

  func handle(_ content: Content, on number: UInt16) throws(RabbitMQError) {
    transport?.releaseBuffers(of: number)
    switch content.announcement {
    case .delivery(let header):
      try channels[number]?.acks.delivered(header.deliveryTag)
      deliver(Delivery(header, properties: content.properties, body: content.body), to: header.consumerTag, on: number)
    case .returned(let reply, _, _):
      noteReturn(messageID: content.properties.messageID, reason: reply.text, on: number)
    }
  }

  /// Ends a channel: everybody who waits on it is told `error`. Its number stays taken until ``closeChannel(_:)``.
  func endChannel(_ number: UInt16, _ error: RabbitMQError) {
    guard var channel = channels[number], channel.closeReason == nil else { return }
    channel.closeReason = error
    let requests = channel.requests
    channel.requests = []
    channels[number] = channel
    for request in requests { request.continuation.resume(throwing: error) }
    for consumerTag in channel.consumers.keys { endConsumer(consumerTag, on: number, error) }
    abandonPublications(on: number, error)
  }

  func closeChannel(_ number: UInt16) async {
    guard let channel = channels[number] else { return }
    if channel.closeReason == nil {
      _ = try? await request(.channelClose(ReplyText(code: 200, text: "goodbye")), on: number, "closing a channel")
      endChannel(number, RabbitMQError(.closed, "the channel was closed by this end"))
    }
    channels[number] = nil
  }

  func checkDeadlines(of number: UInt16, at now: ContinuousClock.Instant) {
    if let request = channels[number]?.requests.first, request.deadline <= now {
      // The answer may still come and would be taken for that of the next request: the channel cannot go on.
      let error = RabbitMQError(
        .timedOut, "\(request.description): \(endpoint) did not answer in time", isRetriable: true)
      attempt { try send(.channelClose(ReplyText(code: 200, text: "request timed out")), on: number) }
      endChannel(number, error)
    }
    expireBatches(on: number, at: now)
    expireWaiters(on: number, at: now)
  }
}
