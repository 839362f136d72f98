public import RabbitMQ

/// What has to change for a queue to be bound as the configuration says.
public struct BindingPlan: Sendable, Hashable {
  /// All that the configuration asks for; making one again does no harm.
  public let wanted: [Binding]
  /// Those of ``wanted`` that the queue is not known to have.
  public let missing: [Binding]
  /// Made earlier, and no longer asked for.
  public let obsolete: [Binding]

  /// Compares the configuration with what was bound before.
  ///
  /// - Parameter existing: the bindings that `queue` is known to have.
  public init(queue: String, entries: [ExchangeList.Entry], existing: some Collection<Binding>) {
    var seen: Set<Binding> = []
    wanted = entries.flatMap { entry in
      entry.routingKeys.map { Binding(queue: queue, exchange: entry.exchange, routingKey: $0) }
    }.filter { seen.insert($0).inserted }
    let known = Set(existing)
    missing = wanted.filter { !known.contains($0) }
    obsolete = existing.filter { !seen.contains($0) }
      .sorted { ($0.exchange, $0.routingKey) < ($1.exchange, $1.routingKey) }
  }
}
