/// A channel of a ``Connection``.
///
/// An error that the broker reports (`notFound`, `accessRefused`, `preconditionFailed`) closes the channel, as AMQP
/// prescribes; later calls end with the same error, and a new channel is needed. Close a channel that is no longer used.
/// Where the connection is lost, the channel is opened again on the next one, with what was declared, its consumer and
/// its publications; calls wait for that as long as the connection's ``Connection/Options/requestTimeout`` says.
///
/// A call whose task is cancelled throws `CancellationError` at once; what it asked the broker for may still happen.
public struct Channel: Sendable {
  let connection: Connection
  /// The number that the channel has within its connection.
  public let number: UInt16

  /// Declares `exchange`: makes it, or checks that it exists alike.
  public func declare(_ exchange: ExchangeDeclaration) async throws {
    try await connection.declare(exchange, on: number)
  }

  /// Declares `queue`: makes it, or checks that it exists alike.
  @discardableResult
  public func declare(_ queue: QueueDeclaration) async throws -> QueueStatus {
    try await connection.declare(queue, on: number)
  }

  /// Makes a binding; one that exists already stays.
  public func bind(_ binding: Binding) async throws {
    try await connection.bind([binding], on: number)
  }

  /// Makes bindings, without waiting for the answer to one before asking for the next.
  public func bind(_ bindings: [Binding]) async throws {
    try await connection.bind(bindings, on: number)
  }

  /// Removes a binding; one that does not exist is no error.
  public func unbind(_ binding: Binding) async throws {
    try await connection.unbind(binding, on: number)
  }

  /// Deletes a queue with everything in it, and returns how many messages that were.
  @discardableResult
  public func deleteQueue(_ name: String) async throws -> Int {
    try await connection.deleteQueue(name, on: number)
  }

  /// Consumes `queue`; every delivery has to be acknowledged or rejected.
  ///
  /// - Parameter prefetch: how many deliveries may be out unsettled, which bounds the memory that they take; 1 to 65,535.
  public func consume(_ queue: String, prefetch: Int, arguments: FieldTable = [:]) async throws -> Consumer {
    try await connection.consume(queue, prefetch: prefetch, arguments: arguments, on: number)
    return Consumer(channel: self, consumerTag: Consumer.tag(onChannel: number))
  }

  /// Puts the channel into confirm mode and returns a publisher on it.
  ///
  /// - Parameter timeout: how long each message may take until it is answered for.
  public func confirmingPublisher(timeout: Duration = .seconds(60)) async throws -> ConfirmingPublisher {
    try await connection.selectConfirms(on: number)
    return ConfirmingPublisher(channel: self, timeout: timeout)
  }

  /// Closes the channel; what it had not acknowledged is delivered again to somebody.
  public func close() async {
    await connection.closeChannel(number)
  }
}
