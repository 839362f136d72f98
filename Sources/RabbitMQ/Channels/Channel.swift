/// A channel of a ``Connection``.
///
/// An error that the broker reports (`notFound`, `accessRefused`, `preconditionFailed`) closes the channel, as AMQP
/// prescribes; later calls end with the same error, and a new channel is needed. Close a channel that is no longer used.
public struct Channel: Sendable {
  let connection: Connection
  /// The number that the channel has within its connection.
  public let number: UInt16

  /// Declares `exchange`: makes it, or checks that it exists alike.
  public func declare(_ exchange: ExchangeDeclaration) async throws {
    let reply = try await connection.request(
      .exchangeDeclare(exchange), on: number, "declaring the exchange \(exchange.name)")
    guard reply == .exchangeDeclareOK else { throw await connection.unexpected(reply) }
  }

  /// Declares `queue`: makes it, or checks that it exists alike.
  @discardableResult
  public func declare(_ queue: QueueDeclaration) async throws -> QueueStatus {
    let reply = try await connection.request(.queueDeclare(queue), on: number, "declaring the queue \(queue.name)")
    guard case .queueDeclareOK(let status) = reply else { throw await connection.unexpected(reply) }
    return status
  }

  /// Makes a binding; one that exists already stays.
  public func bind(_ binding: Binding) async throws {
    let reply = try await connection.request(.queueBind(binding), on: number, "binding \(binding.queue)")
    guard reply == .queueBindOK else { throw await connection.unexpected(reply) }
  }

  /// Removes a binding; one that does not exist is no error.
  public func unbind(_ binding: Binding) async throws {
    let reply = try await connection.request(.queueUnbind(binding), on: number, "unbinding \(binding.queue)")
    guard reply == .queueUnbindOK else { throw await connection.unexpected(reply) }
  }

  /// Deletes a queue with everything in it, and returns how many messages that were.
  @discardableResult
  public func deleteQueue(_ name: String) async throws -> Int {
    let reply = try await connection.request(.queueDelete(queue: name), on: number, "deleting the queue \(name)")
    guard case .queueDeleteOK(let messages) = reply else { throw await connection.unexpected(reply) }
    return Int(messages)
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
  /// - Parameter timeout: how long each call may wait for the broker's answers.
  public func confirmingPublisher(timeout: Duration = .seconds(60)) async throws -> ConfirmingPublisher {
    let reply = try await connection.request(.confirmSelect, on: number, "turning confirms on")
    guard reply == .confirmSelectOK else { throw await connection.unexpected(reply) }
    return ConfirmingPublisher(channel: self, timeout: timeout)
  }

  /// Closes the channel; what it had not acknowledged is delivered again to somebody.
  public func close() async {
    await connection.closeChannel(number)
  }
}
