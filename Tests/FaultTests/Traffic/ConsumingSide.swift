import Logging
import RabbitMQ
import Support
import Synchronization

/// Consumes the queue that the faults harm, through one connection.
final class ConsumingSide: Sendable {
  private struct State {
    var connection: Connection?
    var isFinishing = false
  }

  private static let prefetch = 500

  private let url: BrokerURL
  private let messages: NumberedMessage
  private let queue: QueueDeclaration
  private let recovery: RecoveryPolicy
  private let ledger: SharedLedger
  private let logger: Logger
  private let state = Mutex(State())

  init(
    url: BrokerURL, messages: NumberedMessage, queue: QueueDeclaration, recovery: RecoveryPolicy, ledger: SharedLedger,
    logger: Logger
  ) {
    (self.url, self.messages, self.queue, self.recovery) = (url, messages, queue, recovery)
    (self.ledger, self.logger) = (ledger, logger)
  }

  /// Ends ``run()``.
  func close() async {
    let connection = state.withLock { state in
      state.isFinishing = true
      return state.connection
    }
    await connection?.close()
  }

  /// Makes the queue and its binding and consumes until the end.
  func run() async throws {
    while !isFinishing {
      let consumer = try await open()
      do {
        while !isFinishing {
          guard let batch = try await consumer.nextBatch(upTo: Self.prefetch, waitingFor: .milliseconds(200)) else {
            throw TrafficFailure(description: "the consumer was cancelled by nobody")
          }
          await take(batch, consumer)
        }
      } catch {
        guard !isFinishing else { return }
        ledger.withLock { $0.noteGiveUp("consumer: \(error)") }
        await state.withLock { $0.connection }?.close()
      }
    }
  }

  private var isFinishing: Bool { state.withLock { $0.isFinishing } }

  private func take(_ batch: [Delivery], _ consumer: Consumer) async {
    let checked = batch.map { (messages.check($0), $0.isRedelivered) }
    ledger.withLock { ledger in
      for (result, isRedelivered) in checked { ledger.receive(result, isRedelivered: isRedelivered) }
    }
    do {
      if !batch.isEmpty { try await consumer.acknowledge(batch) }
    } catch {
      // Their channel is gone: they will be delivered again.
      ledger.withLock { $0.noteRefusedAcknowledgement() }
    }
  }

  private func open() async throws -> Consumer {
    let link = try await TrafficLink.open(url, name: "consumer", recovery: recovery, logger: logger) { connection in
      let channel = try await connection.openChannel()
      try await channel.declare(ExchangeDeclaration(self.messages.exchange))
      try await channel.declare(self.queue)
      try await channel.bind(Binding(queue: self.queue.name, exchange: self.messages.exchange, routingKey: "#"))
      return try await connection.openChannel().consume(self.queue.name, prefetch: Self.prefetch)
    }
    state.withLock { $0.connection = link.connection }
    return link.use
  }
}
