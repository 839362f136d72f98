/// What a connection knows of one consumer; it belongs to the connection's thread.
final class ConsumerState {
  /// A caller that waits for deliveries.
  struct Waiter {
    let id: Int
    let maximum: Int
    /// When to return without a delivery, nil for never.
    let deadline: ContinuousClock.Instant?
    /// How long to wait for more once there is one.
    let linger: Duration
    /// When the first one came that it waits to have company for.
    var lingersUntil: ContinuousClock.Instant?
    let continuation: CheckedContinuation<[Delivery]?, any Error>

    func nextDeadline(hasDeliveries: Bool) -> ContinuousClock.Instant? { hasDeliveries ? lingersUntil : deadline }
  }

  /// How it came to its end.
  enum End {
    case cancelled
    case failed(any Error)
  }

  let queue: String
  let prefetch: UInt16
  let arguments: FieldTable
  /// Whether the broker knows of it on the present connection.
  var isSubscribed = false
  /// Delivered and not taken yet; the prefetch bounds it, since none of these is acknowledged.
  var buffer: [Delivery] = []
  var waiter: Waiter?
  var end: End?
  /// When the broker cancelled it last, and how long it then waited to subscribe again.
  var lastCancel: (time: ContinuousClock.Instant, delay: Duration)?

  init(queue: String, prefetch: UInt16, arguments: FieldTable) {
    self.queue = queue
    self.prefetch = prefetch
    self.arguments = arguments
  }

  /// Whether nobody waits for a delivery, or has one and waits for others to come with it.
  var isContent: Bool { waiter == nil || waiter?.lingersUntil != nil }

  func take(upTo maximum: Int) -> [Delivery] {
    guard buffer.count > maximum else {
      defer { buffer = [] }
      return buffer
    }
    defer { buffer.removeFirst(maximum) }
    return Array(buffer[..<maximum])
  }
}
