/// How a connection is at the moment.
public enum ConnectionStatus: Sendable {
  /// In order.
  case open
  /// In order, but the broker takes no publications because of an alarm; `reason` is the broker's.
  case blocked(reason: String)
  /// Lost for the reason given, and sought again.
  case recovering(RabbitMQError?)
  /// At its end, for the reason given.
  case closed(RabbitMQError)
}
