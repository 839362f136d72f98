import Logging

extension Connection {
  /// Messages written before the socket is looked at again: answers have to be read while a long batch goes out.
  private static let messagesPerTurn = 128

  func startConfirming(on number: UInt16) {
    channels[number]?.isConfirming = true
  }

  func submit(_ messages: [Message], on number: UInt16, timeout: Duration) async -> PublishBatch {
    while let channel = channels[number], channel.closeReason == nil,
      channel.outboxCount >= ChannelState.outboxCapacity
    {
      await withCheckedContinuation { channels[number]?.roomWaiters.append($0) }
    }
    let batch = PublishBatch(count: messages.count, deadline: .now + timeout)
    guard case .open = state, let channel = channels[number], channel.closeReason == nil else {
      batch.settleRest(.unconfirmed(channels[number]?.closeReason ?? closedError))
      return batch
    }
    channels[number]?.batches.append(batch)
    channels[number]?.appendToOutbox(messages.enumerated().map { Publication(message: $1, batch: batch, index: $0) })
    attempt { try sendOutbox(of: number) }
    return batch
  }

  func outcomes(of batch: PublishBatch) async -> [PublishOutcome] {
    await withCheckedContinuation { batch.wait($0) }
  }

  /// Sends what waits, as far as the broker, the window and the socket take it.
  func sendOutbox(of number: UInt16) throws(RabbitMQError) {
    guard blockedReason == nil, let transport, channels[number]?.hasSendableOutbox == true else { return }
    for _ in 0..<Self.messagesPerTurn {
      guard channels[number]?.hasSendableOutbox == true, transport.isWritable,
        let publication = channels[number]?.takeFromOutbox()
      else { break }
      // Noted before it is written: a message of which only a part was written may have arrived.
      channels[number]?.confirms.sent(publication)
      try transport.publish(publication.message, on: number)
    }
    noteSent()
    if let channel = channels[number], channel.outboxCount < ChannelState.outboxCapacity, !channel.roomWaiters.isEmpty {
      channels[number]?.roomWaiters = []
      for waiter in channel.roomWaiters { waiter.resume() }
    }
  }

  /// The broker answered for one message, or for all up to a tag.
  func settle(_ tag: UInt64, multiple: Bool, isConfirmed: Bool, on number: UInt16) {
    for publication in channels[number]?.confirms.resolve(tag, multiple: multiple) ?? [] {
      let outcome: PublishOutcome =
        if let reason = publication.returnReason { .returned(reason: reason) } else if isConfirmed { .confirmed } else {
          .refused
        }
      publication.batch.settle(publication.index, outcome)
    }
    channels[number]?.batches.removeAll(where: \.isComplete)
  }

  /// The broker handed a message back; its confirm follows.
  func noteReturn(messageID: String?, reason: String, on number: UInt16) {
    let isKnown = channels[number]?.confirms.update(
      where: { $0.message.properties.messageID == messageID && $0.returnReason == nil }, { $0.returnReason = reason })
    if isKnown != true {
      logger.warning(
        "a returned message is not one of those that wait", metadata: ["message-id": "\(messageID ?? "none")"])
    }
  }

  /// Tells every publisher of the channel that its open messages stay unconfirmed.
  func abandonPublications(on number: UInt16, _ error: RabbitMQError) {
    guard let channel = channels[number] else { return }
    channels[number]?.batches = []
    channels[number]?.roomWaiters = []
    _ = channels[number]?.confirms.drain()
    while channels[number]?.takeFromOutbox() != nil {}
    for batch in channel.batches { batch.settleRest(.unconfirmed(error)) }
    for waiter in channel.roomWaiters { waiter.resume() }
  }

  func expireBatches(on number: UInt16, at now: ContinuousClock.Instant) {
    guard let batches = channels[number]?.batches, batches.contains(where: { $0.deadline <= now }) else { return }
    let reason = blockedReason.map { "; it takes no publications: \($0)" } ?? ""
    let error = RabbitMQError(.timedOut, "the broker did not confirm in time\(reason)", isRetriable: true)
    for batch in batches where batch.deadline <= now { batch.settleRest(.unconfirmed(error)) }
    channels[number]?.batches.removeAll(where: \.isComplete)
  }
}
