import Logging

extension Connection {
  /// Messages written before the socket is looked at again: answers have to be read while a long batch goes out.
  private static let messagesPerTurn = 128

  func submit(_ messages: [Message], on number: UInt16, timeout: Duration) async -> PublishBatch {
    let batch = PublishBatch(count: messages.count, deadline: .now + timeout)
    var isListed = false
    for (index, message) in messages.enumerated() {
      await waitForRoom(on: number, until: batch.deadline)
      do {
        try checkOpen(number)
        try message.check()
      } catch let error as RabbitMQError where error.code == .invalidArgument {
        batch.settle(index, .unconfirmed(error))
        continue
      } catch {
        batch.settleRest(.unconfirmed((error as? RabbitMQError) ?? closedError))
        return batch
      }
      // A batch that is not known here would not be told of its channel's end, or of its deadline.
      if !isListed { channels[number]?.batches.append(batch) }
      isListed = true
      if ContinuousClock.now >= batch.deadline { expireBatches(on: number, at: .now) }
      guard !batch.isComplete else { return batch }
      channels[number]?.appendToOutbox(
        Publication(message: message.identified(by: &messageCount), batch: batch, index: index))
    }
    attempt { try sendOutbox(of: number) }
    return batch
  }

  private func waitForRoom(on number: UInt16, until deadline: ContinuousClock.Instant) async {
    while let channel = channels[number], channel.closeReason == nil, !channel.hasOutboxRoom,
      ContinuousClock.now < deadline
    {
      attempt { try sendOutbox(of: number) }
      guard channels[number]?.hasOutboxRoom == false else { continue }
      await withCheckedContinuation {
        channels[number]?.roomWaiters.append(.init(continuation: $0, deadline: deadline))
      }
    }
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
      noteSent()
      // Noted before it is written: a message of which only a part was written may have arrived.
      channels[number]?.confirms.sent(publication)
      try transport.publish(publication.message, on: number)
    }
    if channels[number]?.hasOutboxRoom == true { releaseRoomWaiters(on: number) }
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
    _ = channels[number]?.confirms.drain()
    while channels[number]?.takeFromOutbox() != nil {}
    for batch in channel.batches { batch.settleRest(.unconfirmed(error)) }
    releaseRoomWaiters(on: number)
  }

  private func releaseRoomWaiters(on number: UInt16) {
    guard let waiters = channels[number]?.roomWaiters, !waiters.isEmpty else { return }
    channels[number]?.roomWaiters = []
    for waiter in waiters { waiter.continuation.resume() }
  }

  func expireBatches(on number: UInt16, at now: ContinuousClock.Instant) {
    guard let channel = channels[number] else { return }
    if channel.roomWaiters.contains(where: { $0.deadline <= now }) { releaseRoomWaiters(on: number) }
    guard channel.batches.contains(where: { $0.deadline <= now }) else { return }
    let reason = blockedReason.map { "; it takes no publications: \($0)" } ?? ""
    let error = RabbitMQError(.timedOut, "the broker did not confirm in time\(reason)", isRetriable: true)
    for batch in channel.batches where batch.deadline <= now { batch.settleRest(.unconfirmed(error)) }
    channels[number]?.batches.removeAll(where: \.isComplete)
    // What was not sent by now must not be sent after its publisher was told that it was given up.
    channels[number]?.dropSettledFromOutbox()
    if channels[number]?.hasOutboxRoom == true { releaseRoomWaiters(on: number) }
  }
}
