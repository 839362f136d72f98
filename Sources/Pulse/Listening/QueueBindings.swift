public import Logging
public import RabbitMQ

/// What a listener's queue is bound to, beside what its configuration asks for; for somebody who looks from outside.
public struct QueueBindings: Sendable {
  private let topology: ListenerTopology
  private let ledger: (any BindingLedger)?
  private let logger: Logger

  /// The queue of `configuration`.
  ///
  /// - Parameter ledger: the record of the bindings that were made; it counts where the configuration has no inspector,
  ///   and is kept up to date.
  /// - Throws: ``PulseError`` with code `invalidName`.
  public init(_ configuration: Listener.Configuration, ledger: (any BindingLedger)?, logger: Logger) throws {
    let user = try PulseUser(configuration.broker.user)
    topology = ListenerTopology(
      configuration: configuration, user: user, queue: try user.queue(configuration.queue))
    self.ledger = ledger
    self.logger = logger
  }

  /// The queue's full name.
  public var queue: String { topology.queue }

  /// Compares the queue with the configuration.
  ///
  /// Unlike a listener, which has to go on, this asks nobody else where the inspector cannot tell.
  ///
  /// - Throws: ``InspectionError``, and what the ledger throws.
  public func plan() async throws -> BindingPlan {
    let existing =
      if let inspector = topology.configuration.inspector {
        try await inspector.bindings(of: queue)
      } else {
        try await ledger?.bindings(of: queue) ?? []
      }
    return BindingPlan(queue: queue, entries: topology.configuration.exchanges.entries, existing: existing)
  }

  /// Removes what a plan found to be obsolete.
  ///
  /// - Returns: the bindings that the broker did not let go.
  /// - Throws: `RabbitMQError`, and what the ledger throws.
  public func prune(_ plan: BindingPlan) async throws -> [Binding] {
    guard !plan.obsolete.isEmpty else { return [] }
    let connection = try await Connection.open(
      topology.configuration.broker, options: .init(name: "drover bindings"), logger: logger)
    do {
      let kept = try await topology.prune(plan.obsolete, on: connection, logger: logger)
      await connection.close()
      if let ledger {
        let removed = Set(plan.obsolete).subtracting(kept)
        try await ledger.record(try await ledger.bindings(of: queue).filter { !removed.contains($0) }, of: queue)
      }
      return kept
    } catch {
      await connection.close()
      throw error
    }
  }
}
