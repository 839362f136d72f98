/// A subscription to a queue. One task at a time takes deliveries from it.
public struct Consumer: Sendable {
  let channel: Channel
  /// The name that the broker knows the consumer by.
  public let consumerTag: String

  static func tag(onChannel number: UInt16) -> String { "drover-\(number)" }

  /// Waits for deliveries and returns those that are there, oldest first.
  ///
  /// - Parameters:
  ///   - maximum: how many to return at most.
  ///   - timeout: how long to wait for the first one; nil for as long as it takes.
  /// - Returns: the deliveries; none where the time passed first; nil once the consumer was cancelled by ``cancel()``.
  /// - Throws: ``RabbitMQError`` where the connection, the channel or the broker ended the consumer, and
  ///   `CancellationError` where the calling task was cancelled; no delivery is lost by that.
  public func nextBatch(upTo maximum: Int, waitingFor timeout: Duration? = nil) async throws -> [Delivery]? {
    let ticket = ConsumerState.Ticket()
    return try await withTaskCancellationHandler {
      try await channel.connection.nextBatch(
        of: consumerTag, upTo: maximum, deadline: timeout.map { .now + $0 }, ticket: ticket, on: channel.number)
    } onCancel: {
      Task { await channel.connection.releaseWaiter(ticket, of: consumerTag, on: channel.number) }
    }
  }

  /// Acknowledges deliveries: the broker forgets them.
  ///
  /// The broker is told of the longest unbroken run of settled deliveries, in one message.
  ///
  /// - Throws: ``RabbitMQError``: `preconditionFailed` for a delivery that was settled before, and what ended the
  ///   channel, with which its deliveries went to somebody else.
  public func acknowledge(_ deliveries: [Delivery]) async throws {
    try await channel.connection.acknowledge(deliveries.map(\.deliveryTag), on: channel.number)
  }

  /// Rejects a delivery.
  ///
  /// - Parameter requeue: true gives it back to the queue; false drops it, or dead-letters it where the queue says so.
  public func reject(_ delivery: Delivery, requeue: Bool) async throws {
    try await channel.connection.reject(delivery.deliveryTag, requeue: requeue, on: channel.number)
  }

  /// Asks the broker to deliver no more; what it delivered before can still be taken and acknowledged.
  public func cancel() async throws {
    try await channel.connection.cancelConsumer(consumerTag, on: channel.number)
  }
}
