/// What a connection has declared, so that it can be made again on the next one.
///
/// A durable queue survives its broker, but one that goes with its consumer, or a broker's data folder that was lost, does
/// not. Declarations that only ask whether something exists are nobody's to repeat.
struct Topology {
  private(set) var exchanges: [ExchangeDeclaration] = []
  private(set) var queues: [QueueDeclaration] = []
  private(set) var bindings: [Binding] = []

  mutating func declared(_ exchange: ExchangeDeclaration) {
    guard !exchange.isPassive else { return }
    exchanges.removeAll { $0.name == exchange.name }
    exchanges.append(exchange)
  }

  mutating func declared(_ queue: QueueDeclaration) {
    guard !queue.isPassive else { return }
    queues.removeAll { $0.name == queue.name }
    queues.append(queue)
  }

  mutating func bound(_ binding: Binding) {
    if !bindings.contains(binding) { bindings.append(binding) }
  }

  mutating func unbound(_ binding: Binding) {
    bindings.removeAll { $0 == binding }
  }

  /// A queue that was deleted on purpose takes its bindings along.
  mutating func deleted(queue: String) {
    queues.removeAll { $0.name == queue }
    bindings.removeAll { $0.queue == queue }
  }

  /// Forgets an exchange that cannot be declared any more.
  mutating func dropped(exchange: String) {
    exchanges.removeAll { $0.name == exchange }
  }

  /// What to declare again, in an order in which each thing finds what it needs.
  var steps: [Step] {
    exchanges.map(Step.exchange) + queues.map(Step.queue) + bindings.map(Step.binding)
  }

  /// What to declare again so that `queue` can be consumed.
  func steps(for queue: String) -> [Step] {
    let bindings = bindings.filter { $0.queue == queue }
    let sources = Set(bindings.map(\.exchange))
    return exchanges.filter { sources.contains($0.name) }.map(Step.exchange)
      + queues.filter { $0.name == queue }.map(Step.queue) + bindings.map(Step.binding)
  }

  enum Step: Equatable {
    case exchange(ExchangeDeclaration)
    case queue(QueueDeclaration)
    case binding(Binding)

    var method: ClientMethod {
      switch self {
      case .exchange(let exchange): .exchangeDeclare(exchange)
      case .queue(let queue): .queueDeclare(queue)
      case .binding(let binding): .queueBind(binding)
      }
    }

    var description: String {
      switch self {
      case .exchange(let exchange): "declaring the exchange \(exchange.name)"
      case .queue(let queue): "declaring the queue \(queue.name)"
      case .binding(let binding): "binding \(binding.queue) to \(binding.exchange) under \(binding.routingKey)"
      }
    }
  }
}
