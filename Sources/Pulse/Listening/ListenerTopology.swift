import Logging
import RabbitMQ

/// The queue of a listener and everything around it on the broker.
struct ListenerTopology {
  let configuration: Listener.Configuration
  let user: PulseUser
  let queue: String

  /// How often a quorum queue delivers a message that is never acknowledged before it is dead-lettered.
  private static let deliveryLimit: Int64 = 20

  /// Where messages go that were delivered too often; under the user's own prefix, as Pulse's permissions ask.
  private var deadLetterExchange: String { "exchange/\(user)/dead-letters" }
  private var deadLetterQueue: String { queue + ".dead-letters" }

  /// Whether the queue is a quorum queue; those cannot go with their last consumer.
  private var isQuorum: Bool { configuration.queueType == .quorum && !configuration.isAutoDelete }

  private var queueDeclaration: QueueDeclaration {
    var arguments: FieldTable = ["x-queue-type": .string(isQuorum ? "quorum" : "classic")]
    if isQuorum {
      arguments["x-delivery-limit"] = .integer(Self.deliveryLimit)
      arguments["x-dead-letter-exchange"] = .string(deadLetterExchange)
      arguments["x-dead-letter-routing-key"] = .string(deadLetterQueue)
    }
    return QueueDeclaration(queue, isAutoDelete: configuration.isAutoDelete, arguments: arguments)
  }

  /// Declares, binds and prunes; returns how many bindings there are.
  func establish(on connection: Connection, ledger: any BindingLedger, logger: Logger) async throws -> Int {
    let channel = try await connection.openChannel()
    for entry in configuration.exchanges.entries {
      try await channel.ensureExchange(entry.exchange, user: user)
    }
    if isQuorum { try await declareDeadLetters(on: channel) }
    do {
      try await channel.declare(queueDeclaration)
    } catch let error as RabbitMQError where error.code == .preconditionFailed {
      throw PulseError(
        .invalidConfiguration,
        """
        the queue \(queue) exists, and not as the \(isQuorum ? "quorum" : "classic") queue that is asked for here: give \
        the type that it was made with, name another queue or delete it (\(error))
        """)
    }
    let plan = BindingPlan(
      queue: queue, entries: configuration.exchanges.entries,
      existing: try await existingBindings(ledger: ledger, logger: logger))
    // Ahead of the binding: one that was made and not recorded could never be removed again.
    try await ledger.record(plan.wanted + plan.obsolete, of: queue)
    try await channel.bind(plan.wanted)
    if configuration.prunes {
      let kept = try await prune(plan.obsolete, on: connection, logger: logger)
      try await ledger.record(plan.wanted + kept, of: queue)
    }
    await channel.close()
    return plan.wanted.count
  }

  /// Removes bindings; returns those that the broker did not let go, which does not keep the listener from listening.
  func prune(_ bindings: [Binding], on connection: Connection, logger: Logger) async throws -> [Binding] {
    var kept: [Binding] = []
    for binding in bindings {
      let metadata: Logger.Metadata = ["exchange": "\(binding.exchange)", "routing-key": "\(binding.routingKey)"]
      // A refusal closes the channel it came on.
      let channel = try await connection.openChannel()
      do {
        try await channel.unbind(binding)
        logger.notice("removed a binding that the configuration no longer has", metadata: metadata)
      } catch let error as RabbitMQError where [.accessRefused, .notFound, .preconditionFailed].contains(error.code) {
        logger.warning(
          "a binding that the configuration no longer has could not be removed",
          metadata: metadata.merging(["reason": "\(error)"]) { $1 })
        kept.append(binding)
      }
      await channel.close()
    }
    return kept
  }

  func isQueueEmpty(on connection: Connection) async throws -> Bool {
    let channel = try await connection.openChannel()
    let status = try await channel.declare(QueueDeclaration(queue, isPassive: true))
    await channel.close()
    return status.messageCount == 0
  }

  private func declareDeadLetters(on channel: Channel) async throws {
    try await channel.declare(ExchangeDeclaration(deadLetterExchange, kind: .direct))
    try await channel.declare(QueueDeclaration(deadLetterQueue, arguments: ["x-queue-type": "quorum"]))
    try await channel.bind(
      Binding(queue: deadLetterQueue, exchange: deadLetterExchange, routingKey: deadLetterQueue))
  }
}
