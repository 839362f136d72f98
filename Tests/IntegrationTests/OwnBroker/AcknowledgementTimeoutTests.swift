import Logging
import Pulse
import RabbitMQ
import Support
import Synchronization
import Testing

extension OwnBrokerTests {
  /// Deliveries that are settled later than the broker waits for it.
  @Suite struct AcknowledgementTimeoutTests {
    /// With a broker that waits one second for acknowledgements.
    private func withImpatientBroker(_ body: (FaultableBroker) async throws -> Void) async throws {
      let broker = try await OwnBrokerTests.broker()
      try await broker.setAcknowledgementTimeout(.seconds(1))
      let result: Result<Void, any Error>
      do { result = .success(try await body(broker)) } catch { result = .failure(error) }
      try await broker.setAcknowledgementTimeout(nil)
      try result.get()
    }

    @Test func theChannelEndsWithAnErrorOfItsOwnAndTheDeliveryGoesToTheNextConsumer() async throws {
      try await withImpatientBroker { broker in
        let log = LogRecorder()
        let connection = try await Connection.open(BrokerURL(broker.url), logger: log.logger)
        let other = try await connection.openChannel()
        let queue = PrivateBroker.uniqueName("queue")
        try await other.declare(QueueDeclaration(queue, arguments: ["x-queue-type": "quorum"]))
        let publisher = try await connection.openChannel().confirmingPublisher()
        _ = await publisher.publish(Message(exchange: "", routingKey: queue, body: [7]))

        let consumer = try await connection.openChannel().consume(queue, prefetch: 10)
        let late = try #require(try await consumer.nextBatch(upTo: 10))
        let error = await #expect(throws: RabbitMQError.self) { try await consumer.nextBatch(upTo: 10) }
        #expect(error?.code == .acknowledgementTimedOut && error?.isRetriable == true, "\(error.map { "\($0)" } ?? "")")
        let refusal = await #expect(throws: RabbitMQError.self) { try await consumer.acknowledge(late) }
        #expect(refusal?.code == .acknowledgementTimedOut)

        let next = try await connection.openChannel().consume(queue, prefetch: 10)
        let again = try #require(try await next.nextBatch(upTo: 10))
        #expect(again.map(\.body) == [[7]] && again.first?.isRedelivered == true)
        try await next.acknowledge(again)
        // Its channel ended, and nothing else.
        #expect(try await other.deleteQueue(queue) == 0)
        #expect(log.lines.allSatisfy { $0.level < .warning })
        await connection.close()
      }
    }

    @Test func theListenerSubscribesAgainAndFinishesTheJob() async throws {
      try await withImpatientBroker { broker in
        let setup = try ListenerSetup(broker: broker.url)
        try await setup.publish(30)
        let log = LogRecorder()
        let handled = Mutex<[(number: Int?, isRedelivered: Bool)]>([])
        var configuration = try setup.configuration()
        // Ten in hand when the time is up.
        configuration.prefetch = 10
        let listener = setup.listener(configuration, logger: log.logger) { deliveries in
          if handled.withLock({ $0.isEmpty }) {
            try await eventually("the end of the broker's patience") {
              log.lines.contains { $0.text.hasPrefix("channel closed") }
            }
          }
          handled.withLock { $0 += deliveries.map { ($0.number, $0.isRedelivered) } }
        }
        try await listener.run()

        let all = handled.withLock { $0 }
        #expect(Set(all.compactMap(\.number)) == Set(0..<30))
        let first = all.filter { !$0.isRedelivered }.compactMap(\.number)
        #expect(first.count == Set(first).count, "what comes twice is marked as redelivered")
        #expect(all.contains { $0.isRedelivered }, "what was in hand is delivered again")
        let warnings = log.lines.filter { $0.level >= .warning }
        #expect(warnings.count == 1, "\(warnings)")
        #expect(warnings.first?.text.hasPrefix("the broker would not wait for the handler any longer") == true)
        #expect(try await setup.remaining() == 0)
      }
    }
  }
}
