/// A message on its way into the store.
public struct IncomingItem: Sendable {
  /// Where a message came from.
  public struct Origin: Sendable, Hashable {
    /// The exchange that the message was published to.
    public var exchange: String
    /// The key that it was published under.
    public var routingKey: String
    /// When it arrived, in milliseconds since 1970-01-01 00:00:00 UTC.
    public var receivedTime: Int64
    /// The rejected message that it was kept as until now, nil for one that comes from the broker. What becomes of it and
    /// what becomes of that one is one transaction: it goes when the job is kept otherwise, and else stays.
    public var rejectedID: Int64?

    /// An origin; U+0000, which AMQP allows in names and PostgreSQL in no text, becomes U+2400.
    public init(exchange: String, routingKey: String, receivedTime: Int64, rejectedID: Int64? = nil) {
      self.exchange = exchange.withoutNull
      self.routingKey = routingKey.withoutNull
      self.receivedTime = receivedTime
      self.rejectedID = rejectedID
    }
  }

  /// What the message turned out to be.
  public enum Content: Sendable {
    case job(JobRecord)
    /// Not a job, for these reasons, a line each; `body` is the message as it came.
    case rejected(reasons: String, body: [UInt8])
  }

  /// Where it came from.
  public var origin: Origin
  /// What it turned out to be.
  public var content: Content

  /// An item.
  public init(origin: Origin, content: Content) {
    self.origin = origin
    self.content = content
  }
}

extension String {
  /// The text with every U+0000, which PostgreSQL stores in no text, as the symbol for it.
  var withoutNull: String { utf8.contains(0) ? replacing("\0", with: "\u{2400}") : self }
}

/// What became of an item.
public enum LoadOutcome: Sendable, Hashable {
  /// It made or changed a job.
  case stored
  /// The store knew all of it.
  case duplicate
  /// It is kept until its push arrives.
  case waiting
  /// It is kept among the rejected messages.
  case rejected
  /// Its repository is not active: it is not kept.
  case skipped
}
