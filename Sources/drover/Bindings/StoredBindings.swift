import JobStore
import Pulse
import RabbitMQ

/// The store's record of bindings.
struct StoredBindings: BindingLedger {
  let store: any JobStore.Store

  func bindings(of queue: String) async throws -> [Binding] {
    try await store.bindings(of: queue).map {
      Binding(queue: queue, exchange: $0.exchange, routingKey: $0.routingKey)
    }
  }

  func record(_ bindings: [Binding], of queue: String) async throws {
    try await store.record(
      Set(bindings.map { BindingRecord(exchange: $0.exchange, routingKey: $0.routingKey) }), of: queue)
  }
}
