/// A subscription to a queue. One task at a time takes deliveries from it.
///
/// Where the connection is lost, the subscription is made again on the next one, and what was delivered and not
/// acknowledged is delivered again. The same happens where the broker cancels it, for example because the queue was
/// deleted: what the connection has declared is declared again first; if there is no queue then, waiting for deliveries
/// ends with `consumerCancelled`.
public struct Consumer: Sendable {
  let channel: Channel
  /// The name that the broker knows the consumer by.
  public let consumerTag: String

  static func tag(onChannel number: UInt16) -> String { "drover-\(number)" }

  /// Waits for deliveries and returns those that are there, oldest first.
  ///
  /// - Parameters:
  ///   - maximum: how many to return at most.
  ///   - bytes: how many bytes of bodies are enough; the delivery that reaches it is the last one.
  ///   - timeout: how long to wait for the first one; nil for as long as it takes.
  ///   - linger: how long to wait for more after the first one, where there are fewer than `maximum` and `bytes` ask.
  /// - Returns: the deliveries; none where the time passed first; nil once the consumer was cancelled by ``cancel()``.
  /// - Throws: ``RabbitMQError`` where the connection, the channel or the broker ended the consumer for good, and
  ///   `CancellationError` where the calling task was cancelled; no delivery is lost by that.
  public func nextBatch(
    upTo maximum: Int, bytes: Int = .max, waitingFor timeout: Duration? = nil, lingeringFor linger: Duration = .zero
  ) async throws -> [Delivery]? {
    try await channel.connection.nextBatch(
      of: consumerTag, upTo: maximum, bytes: bytes, deadline: timeout.map { .now + $0 }, linger: linger,
      on: channel.number)
  }

  /// The deliveries one by one, of which a loop that is left early takes no more than it has seen; the sequence ends once the consumer was cancelled, and throws as ``nextBatch(upTo:bytes:waitingFor:lingeringFor:)`` does.
  public var deliveries: Deliveries { Deliveries(consumer: self) }

  /// The deliveries in batches of up to `maximum`, as ``nextBatch(upTo:bytes:waitingFor:lingeringFor:)`` returns them.
  public func batches(upTo maximum: Int, lingeringFor linger: Duration = .zero) -> Batches {
    Batches(consumer: self, maximum: maximum, linger: linger)
  }

  /// Acknowledges deliveries: the broker forgets them.
  ///
  /// The broker is told of the longest unbroken run of settled deliveries, in one message. Deliveries of a connection that
  /// was lost are passed over: they are delivered again.
  ///
  /// - Throws: ``RabbitMQError``: `preconditionFailed` for a delivery that was settled before, and what ended the
  ///   channel, with which its deliveries went to somebody else.
  public func acknowledge(_ deliveries: [Delivery]) async throws {
    try await channel.connection.acknowledge(deliveries, on: channel.number)
  }

  /// Rejects a delivery.
  ///
  /// - Parameter requeue: true gives it back to the queue; false drops it, or dead-letters it where the queue says so.
  public func reject(_ delivery: Delivery, requeue: Bool) async throws {
    try await channel.connection.reject(delivery, requeue: requeue, on: channel.number)
  }

  /// Asks the broker to deliver no more; what it delivered before can still be taken and acknowledged.
  public func cancel() async throws {
    try await channel.connection.cancelConsumer(consumerTag, on: channel.number)
  }

  /// A sequence of deliveries.
  public struct Deliveries: AsyncSequence, Sendable {
    let consumer: Consumer

    /// Makes the iterator; one at a time.
    public func makeAsyncIterator() -> Iterator { Iterator(consumer: consumer) }

    /// Takes deliveries from the consumer, a handful at once.
    public struct Iterator: AsyncIteratorProtocol {
      private let handful: Handful

      init(consumer: Consumer) { handful = Handful(of: consumer) }

      /// The next delivery, nil at the end.
      public mutating func next() async throws -> Delivery? {
        // Crossing to the connection's thread costs more than handling a delivery often does.
        if handful.rest.isEmpty { handful.rest = (try await handful.consumer.nextBatch(upTo: 64) ?? [])[...] }
        return handful.rest.popFirst()
      }
    }

    /// What an iterator has taken and not returned; a loop that is left early gives it back.
    private final class Handful {
      let consumer: Consumer
      var rest: ArraySlice<Delivery> = []

      init(of consumer: Consumer) { self.consumer = consumer }

      deinit {
        guard !rest.isEmpty else { return }
        Task { [consumer, rest] in
          await consumer.channel.connection.putBack(rest, into: consumer.consumerTag, on: consumer.channel.number)
        }
      }
    }
  }

  /// A sequence of batches of deliveries.
  public struct Batches: AsyncSequence, Sendable {
    let consumer: Consumer
    let maximum: Int
    let linger: Duration

    /// Makes the iterator; one at a time.
    public func makeAsyncIterator() -> Iterator { Iterator(batches: self) }

    /// Takes batches from the consumer.
    public struct Iterator: AsyncIteratorProtocol {
      let batches: Batches

      /// The next batch, nil at the end; never an empty one.
      public func next() async throws -> [Delivery]? {
        try await batches.consumer.nextBatch(upTo: batches.maximum, lingeringFor: batches.linger)
      }
    }
  }
}
