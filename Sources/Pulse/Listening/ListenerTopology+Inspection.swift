import Logging
import RabbitMQ

extension ListenerTopology {
  /// What the queue is bound to by now, as far as it is known.
  ///
  /// Where the broker can be asked, its answer takes the record's place: it also has what others bound, and no longer
  /// what they unbound. The record stands in where there is nobody to ask, or no answer.
  func existingBindings(ledger: any BindingLedger, logger: Logger) async throws -> [Binding] {
    // Without pruning the record has to keep what was made earlier, and nothing else is of use.
    guard configuration.prunes, let inspector = configuration.inspector else {
      return try await ledger.bindings(of: queue)
    }
    do {
      return try await inspector.bindings(of: queue)
    } catch  where !(error is CancellationError) {
      // A queue that was made a moment ago has nothing to prune.
      logger.log(
        level: (error as? InspectionError)?.code == .unknownQueue ? .notice : .warning,
        """
        nothing was pruned by what the broker has, since nobody could tell it; the record of the bindings made earlier is \
        used instead
        """, metadata: ["reason": "\(error)"])
      return try await ledger.bindings(of: queue)
    }
  }
}
