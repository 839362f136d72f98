import Logging

extension Connection {
  /// Messages of one channel put together before the next one has its turn.
  private static let messagesPerTurn = 512
  /// Bytes that may wait for the socket: enough to keep it busy, few enough for a heartbeat not to come late.
  static let outputCapacity = 256 << 10

  func submit(_ messages: [Message], as batch: PublishBatch, on number: UInt16) async {
    // A look at the clock costs as much as the rest of a message: only where time may have passed.
    var mayBeLate = true
    for (index, message) in messages.enumerated() {
      if channels[number]?.outbox.hasRoom == false {
        await waitForRoom(on: number, as: batch)
        mayBeLate = true
      }
      guard !batch.isComplete else { return }
      let channel: ChannelState
      do {
        channel = try usableChannel(number)
        guard channel.isConfirming else { throw RabbitMQError(.closed, "the publisher's channel was closed") }
        try message.check()
      } catch let error as RabbitMQError where error.code == .invalidArgument {
        batch.settle(index, .unconfirmed(error))
        continue
      } catch {
        batch.settleRest(.unconfirmed((error as? RabbitMQError) ?? closedError))
        return
      }
      if mayBeLate, ContinuousClock.now >= batch.deadline {
        batch.settleRest(.unconfirmed(unansweredError))
        return
      }
      mayBeLate = false
      channel.append(Publication(message: message.identified(by: &messageCount), batch: batch, index: index))
    }
  }

  private func waitForRoom(on number: UInt16, as batch: PublishBatch) async {
    while let channel = channels[number], channel.closeReason == nil, !channel.outbox.hasRoom, !batch.isComplete,
      ContinuousClock.now < batch.deadline
    {
      channel.watch(batch.deadline)
      await withCheckedContinuation { channel.roomWaiters.append(.init(continuation: $0, batch: batch)) }
    }
  }

  func outcomes(of batch: PublishBatch) async -> [PublishOutcome] {
    await withCheckedContinuation { batch.wait($0) }
  }

  /// The publisher does not want to wait any longer.
  func giveUp(_ batch: PublishBatch) {
    guard !batch.isComplete else { return }
    batch.settleRest(.unconfirmed(RabbitMQError(.cancelled, "the task that published was cancelled")))
    for channel in channels.values {
      channel.outbox.dropSettled()
      channel.releaseRoomWaiters()
    }
  }

  /// Puts together what waits to be sent, as far as the broker, the window and the output take it.
  func fillOutput(of link: Link) {
    guard blockedReason == nil else { return }
    for _ in 0..<channels.count {
      guard link.writer.output.count < Self.outputCapacity, let (number, channel) = nextSender else { return }
      lastSender = number
      for _ in 0..<Self.messagesPerTurn {
        guard link.writer.output.count < Self.outputCapacity, channel.canSend, let publication = channel.outbox.take()
        else { break }
        guard publication.isOpen else { continue }
        do {
          try link.writer.append(publication.message, on: number)
          publication.sentAt = now
          channel.confirms.sent(publication)
          metrics.published += 1
        } catch {
          publication.settle(.unconfirmed(error))
        }
      }
      if channel.outbox.hasRoom { channel.releaseRoomWaiters() }
    }
  }

  /// The channel whose turn it is to send, by number behind the one that had it last: a few large messages of one fill the
  /// output, and the next turn must not be its own again.
  private var nextSender: (UInt16, ChannelState)? {
    channels.lazy.filter(\.value.canSend).min { $0.key &- self.lastSender &- 1 < $1.key &- self.lastSender &- 1 }
  }

  /// The broker answered for one message, or for all up to a tag.
  func settle(_ tag: UInt64, multiple: Bool, isConfirmed: Bool, on channel: ChannelState) {
    noteWork()
    var oldest: ContinuousClock.Instant?
    channel.confirms.resolve(tag, multiple: multiple) { publication in
      oldest = oldest ?? publication.sentAt
      if let reason = publication.returnReason {
        metrics.returned += 1
        publication.settle(.returned(reason: reason))
      } else if isConfirmed {
        metrics.confirmed += 1
        publication.settle(.confirmed)
      } else {
        metrics.refused += 1
        publication.settle(.refused)
      }
    }
    if let oldest { metrics.record(confirmLatency: now - oldest) }
  }

  /// Gives the connection up where the broker owes a confirm for too long, so that what it owes is published again.
  ///
  /// A new channel would not do: where a quorum queue is deleted under a publisher, RabbitMQ 3.10 may hang the channel for
  /// good, and not even answer its close.
  func checkConfirms(of channel: ChannelState, _ number: UInt16) {
    guard let deadline = channel.oldestUnconfirmed.flatMap(confirmDeadline(sentAt:)), deadline <= now else { return }
    lose(
      RabbitMQError(
        .connectionLost,
        "\(endpoint) owes \(channel.confirms.count) confirms on channel \(number) for \(options.confirmTimeout)",
        isRetriable: true))
  }

  /// Until when the broker may owe the confirm of a message; nil where nothing would come of the time being up.
  ///
  /// An alarm, or a connection that is being recovered, is no fault of a confirm's.
  func confirmDeadline(sentAt: ContinuousClock.Instant) -> ContinuousClock.Instant? {
    guard case .open = state, blockedReason == nil, recovery != nil else { return nil }
    return max(sentAt, unblockedAt ?? sentAt) + options.confirmTimeout
  }

  /// The broker handed a message back; its confirm follows.
  func noteReturn(messageID: String?, reason: String, on number: UInt16, _ channel: ChannelState) {
    let publication = channel.confirms.first { $0.message.properties.messageID == messageID && $0.returnReason == nil }
    if let publication {
      publication.returnReason = reason
    } else {
      logger.warning(
        "a returned message is not one of those that wait",
        metadata: ["channel": "\(number)", "message-id": "\(messageID ?? "none")"])
    }
  }

  /// What a message ends with that was not answered for in time.
  private var unansweredError: RabbitMQError {
    let reason =
      if let blockedReason {
        "; it takes no publications: \(blockedReason)"
      } else if let lossReason {
        "; the connection is being recovered: \(lossReason)"
      } else {
        ""
      }
    return RabbitMQError(.timedOut, "the broker did not confirm in time\(reason)", isRetriable: true)
  }

  /// Settles what has waited too long.
  func expirePublications(on channel: ChannelState) {
    guard let deadline = channel.publishDeadline, deadline <= now else { return }
    let error = unansweredError
    var next: ContinuousClock.Instant?
    func check(_ batch: PublishBatch) {
      if batch.deadline <= now { batch.settleRest(.unconfirmed(error)) }
      if !batch.isComplete { next = min(next ?? batch.deadline, batch.deadline) }
    }
    channel.confirms.forEach { check($0.batch) }
    channel.outbox.forEach { check($0.batch) }
    for waiter in channel.roomWaiters { check(waiter.batch) }
    channel.publishDeadline = next
    // What was not sent by now must not be sent after its publisher was told that it was given up.
    channel.outbox.dropSettled()
    channel.releaseRoomWaiters()
  }
}
