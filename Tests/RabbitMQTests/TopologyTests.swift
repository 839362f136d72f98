import Testing

@testable import RabbitMQ

@Suite struct TopologyTests {
  let exchange = ExchangeDeclaration("e")
  let queue = QueueDeclaration("q")
  let binding = Binding(queue: "q", exchange: "e", routingKey: "k")

  @Test func whatWasDeclaredIsDeclaredAgainInAnOrderThatWorks() {
    var topology = Topology()
    topology.bound(binding)
    topology.declared(queue)
    topology.declared(exchange)
    topology.bound(binding)
    topology.declared(queue)
    #expect(topology.steps == [.exchange(exchange), .queue(queue), .binding(binding)])
  }

  @Test func theLastDeclarationOfANameCounts() {
    var topology = Topology()
    topology.declared(queue)
    topology.declared(QueueDeclaration("q", isAutoDelete: true))
    #expect(topology.steps == [.queue(QueueDeclaration("q", isAutoDelete: true))])
  }

  @Test func whatWasOnlyAskedForIsNotMade() {
    var topology = Topology()
    topology.declared(ExchangeDeclaration("e", isPassive: true))
    topology.declared(QueueDeclaration("q", isPassive: true))
    #expect(topology.steps.isEmpty)
  }

  @Test func whatWasTakenAwayStaysAway() {
    var topology = Topology()
    topology.declared(exchange)
    topology.declared(queue)
    topology.bound(binding)
    let other = Binding(queue: "other", exchange: "e", routingKey: "k")
    topology.bound(other)
    topology.deleted(queue: "q")
    #expect(topology.steps == [.exchange(exchange), .binding(other)])
    topology.unbound(other)
    topology.dropped(exchange: "e")
    #expect(topology.steps.isEmpty)
  }

  @Test func oneQueueIsMadeAgainWithWhatItNeeds() {
    var topology = Topology()
    topology.declared(exchange)
    topology.declared(ExchangeDeclaration("unrelated"))
    topology.declared(queue)
    topology.declared(QueueDeclaration("unrelated"))
    topology.bound(binding)
    topology.bound(Binding(queue: "unrelated", exchange: "unrelated", routingKey: "#"))
    #expect(topology.steps(for: "q") == [.exchange(exchange), .queue(queue), .binding(binding)])
  }
}
