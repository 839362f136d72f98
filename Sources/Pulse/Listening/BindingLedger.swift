public import RabbitMQ

/// The record of the bindings that a listener made; without it none can be removed that the configuration dropped
/// while no listener ran.
public protocol BindingLedger: Sendable {
  /// The bindings that were made for `queue`.
  func bindings(of queue: String) async throws -> [Binding]
  /// Puts `bindings` in place of what is recorded for `queue`.
  func record(_ bindings: [Binding], of queue: String) async throws
}
