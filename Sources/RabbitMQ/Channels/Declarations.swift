/// How an exchange routes.
public enum ExchangeKind: String, Sendable, Hashable {
  case direct, fanout, topic, headers
}

/// An exchange to be declared.
public struct ExchangeDeclaration: Sendable, Hashable {
  /// The name, at most 255 bytes of UTF-8.
  public var name: String
  /// How it routes.
  public var kind: ExchangeKind
  /// Whether it survives a restart of the broker.
  public var isDurable: Bool
  /// Whether it is only asked for: a missing one is an error (`notFound`) and nothing is made.
  public var isPassive: Bool
  /// RabbitMQ's arguments, for example `alternate-exchange`.
  public var arguments: FieldTable

  /// A durable exchange, unless said otherwise.
  public init(
    _ name: String, kind: ExchangeKind = .topic, isDurable: Bool = true, isPassive: Bool = false,
    arguments: FieldTable = [:]
  ) {
    self.name = name
    self.kind = kind
    self.isDurable = isDurable
    self.isPassive = isPassive
    self.arguments = arguments
  }
}

/// A queue to be declared.
public struct QueueDeclaration: Sendable, Hashable {
  /// The name, at most 255 bytes of UTF-8.
  public var name: String
  /// Whether it survives a restart of the broker.
  public var isDurable: Bool
  /// Whether only this connection may use it; it goes with the connection.
  public var isExclusive: Bool
  /// Whether it goes with its last consumer.
  public var isAutoDelete: Bool
  /// Whether it is only asked for: a missing one is an error (`notFound`) and nothing is made.
  public var isPassive: Bool
  /// RabbitMQ's arguments, for example `x-queue-type`.
  public var arguments: FieldTable

  /// A durable queue, unless said otherwise.
  public init(
    _ name: String, isDurable: Bool = true, isExclusive: Bool = false, isAutoDelete: Bool = false,
    isPassive: Bool = false, arguments: FieldTable = [:]
  ) {
    self.name = name
    self.isDurable = isDurable
    self.isExclusive = isExclusive
    self.isAutoDelete = isAutoDelete
    self.isPassive = isPassive
    self.arguments = arguments
  }
}

/// What the broker says of a queue when it is declared.
public struct QueueStatus: Sendable, Hashable {
  /// The queue's name.
  public let name: String
  /// Messages that are ready to be delivered; those that are out with a consumer do not count.
  public let messageCount: Int
  /// How many consumers it has.
  public let consumerCount: Int
}

/// A queue's interest in an exchange's messages.
public struct Binding: Sendable, Hashable {
  /// The queue that receives the messages.
  public var queue: String
  /// The exchange that they come from.
  public var exchange: String
  /// The binding key: for a topic exchange words between dots, `*` for one word, `#` for any number.
  public var routingKey: String

  /// Binds `queue` to `exchange` under `routingKey`.
  public init(queue: String, exchange: String, routingKey: String) {
    self.queue = queue
    self.exchange = exchange
    self.routingKey = routingKey
  }
}
