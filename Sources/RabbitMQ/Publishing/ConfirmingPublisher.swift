/// Publishes on a channel in confirm mode.
///
/// Messages leave in the order in which they were handed in. Calls may run at once: their messages share the channel's
/// pipeline, and wait where it is full. Where the connection is lost, what the broker had not answered for is published
/// again on the next one, with the same message-id and ahead of everything later; a consumer may see such a message twice.
public struct ConfirmingPublisher: Sendable {
  let channel: Channel
  let timeout: Duration

  /// Puts `messages` into the pipeline, once it has room, without waiting for the broker's answers.
  ///
  /// - Parameter timeout: how long each message may take until it is answered for, the time of waiting for room and of
  ///   recovering a connection included; nil for the publisher's own.
  /// - Returns: what the answers can be awaited with. A channel that was closed is told there.
  public func submit(_ messages: [Message], timeout: Duration? = nil) async -> PublishReceipt {
    let batch = PublishBatch(count: messages.count, deadline: .now + (timeout ?? self.timeout))
    await withTaskCancellationHandler {
      await channel.connection.submit(messages, as: batch, on: channel.number)
    } onCancel: {
      Task { await channel.connection.giveUp(batch) }
    }
    return PublishReceipt(connection: channel.connection, batch: batch)
  }

  /// Publishes `messages` and returns the outcome of each, in the same order.
  ///
  /// It does not throw: what was not answered in time, or when the calling task was cancelled, is `unconfirmed`.
  public func publish(_ messages: [Message], timeout: Duration? = nil) async -> [PublishOutcome] {
    await submit(messages, timeout: timeout).outcomes
  }

  /// Publishes one message; many are quicker handed over in an array.
  public func publish(_ message: Message, timeout: Duration? = nil) async -> PublishOutcome {
    await publish([message], timeout: timeout)[0]
  }
}
