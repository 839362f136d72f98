/// Publishes on a channel in confirm mode.
///
/// Messages leave in the order in which they were handed in. Calls may run at once: their messages share the channel's
/// pipeline, and wait where it is full.
public struct ConfirmingPublisher: Sendable {
  let channel: Channel
  let timeout: Duration

  /// Puts `messages` into the pipeline, once it has room, without waiting for the broker's answers.
  ///
  /// - Returns: what the answers can be awaited with. A connection that is lost is told there.
  public func submit(_ messages: [Message]) async -> PublishReceipt {
    let batch = await channel.connection.submit(messages, on: channel.number, timeout: timeout)
    return PublishReceipt(connection: channel.connection, batch: batch)
  }

  /// Publishes `messages` and returns the outcome of each, in the same order.
  ///
  /// It does not throw: a connection that is lost leaves `unconfirmed` what was not answered until then.
  public func publish(_ messages: [Message]) async -> [PublishOutcome] {
    await submit(messages).outcomes
  }

  /// Publishes one message; many are quicker handed over in an array.
  public func publish(_ message: Message) async -> PublishOutcome {
    await publish([message])[0]
  }
}
