/// What a connection knows of one consumer.
struct ConsumerState {
  /// A caller that waits for deliveries.
  struct Waiter {
    let ticket: Ticket
    let maximum: Int
    let continuation: CheckedContinuation<[Delivery]?, any Error>
    let deadline: ContinuousClock.Instant?
  }

  /// Tells the waits of one consumer apart: a cancellation that comes late must not end the next one.
  final class Ticket: Sendable {}

  /// How it came to its end.
  enum End {
    case cancelled
    case failed(RabbitMQError)
  }

  /// Delivered and not taken yet; the prefetch bounds it, since none of these is acknowledged.
  var buffer: [Delivery] = []
  var waiter: Waiter?
  var end: End?

  mutating func take(upTo maximum: Int) -> [Delivery] {
    guard buffer.count > maximum else {
      let all = buffer
      buffer = []
      return all
    }
    let part = Array(buffer[..<maximum])
    buffer.removeFirst(maximum)
    return part
  }
}
