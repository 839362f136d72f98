/// What became of a published message.
public enum PublishOutcome: Sendable {
  /// The broker has it: on disk, where message and queue are durable.
  case confirmed
  /// The message was mandatory and no queue took it; `reason` is the broker's, for example `NO_ROUTE`.
  case returned(reason: String)
  /// The broker said that it could not take care of the message (`basic.nack`).
  case refused
  /// No answer came: the message may have arrived or not. The error's code tells why: `timedOut`, `cancelled`, `closed`,
  /// what the broker closed the channel with, or `invalidArgument` for a message that was never sent.
  case unconfirmed(RabbitMQError)
}
