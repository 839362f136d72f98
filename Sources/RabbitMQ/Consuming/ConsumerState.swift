/// What a connection knows of one consumer; it belongs to the connection's thread.
final class ConsumerState {
  /// A caller that waits for deliveries.
  struct Waiter {
    let id: Int
    let maximum: Int
    /// The bytes of bodies that are enough.
    let bytes: Int
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
  /// Whether a broker has answered that it knows of it, on any connection.
  var hasBeenSubscribed = false
  /// Delivered and not taken yet. The prefetch bounds their number, since none of these is acknowledged, and
  /// `Connection.Options.maximumBufferedBytes` their size.
  var buffer = DeliveryBuffer()
  /// Whether the broker is being asked to deliver no more: what it has to say comes after what it has delivered.
  var isBeingCancelled = false
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

  /// Whether there is enough for whoever waits.
  func isEnough(for waiter: Waiter) -> Bool { buffer.count >= waiter.maximum || buffer.byteCount >= waiter.bytes }

  /// Hands the waiting task what there is.
  func release(_ waiter: Waiter) {
    self.waiter = nil
    waiter.continuation.resume(returning: buffer.take(upTo: waiter.maximum, bytes: waiter.bytes))
  }
}
