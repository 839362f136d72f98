public import RabbitMQ

/// Tells what a queue is bound to and how long it is.
///
/// AMQP has no question for a queue's bindings: somebody beside the broker's port is asked, such as ``ManagementAPI`` or
/// ``PulseGuardian``. The description is how logs call it; it holds no credentials.
public protocol QueueInspector: Sendable, CustomStringConvertible {
  /// The bindings that `queue` has, whoever made them.
  ///
  /// Left out are the one to the default exchange, which every queue has, and those with arguments, which Drover never
  /// makes and could not remove by their key.
  ///
  /// - Throws: ``InspectionError``, with code `unknownQueue` where the queue is not known; `CancellationError`.
  func bindings(of queue: String) async throws -> [Binding]

  /// How many messages `queue` has, those that are out unacknowledged included; nil where this inspector cannot tell.
  ///
  /// - Throws: ``InspectionError``, with code `unknownQueue` where the queue is not known; `CancellationError`.
  func messageCount(of queue: String) async throws -> Int?
}

extension QueueInspector {
  /// An inspector that knows bindings only.
  public func messageCount(of queue: String) async throws -> Int? { nil }
}
