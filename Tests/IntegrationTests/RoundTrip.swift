import Logging
import RabbitMQ
import Support
import Testing

/// Messages to a broker and back, for tests of the way there.
enum RoundTrip {
  private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  /// Publishes with confirms and consumes, small messages and one that takes many frames and records.
  static func run(over url: String) async throws {
    let connection = try await Connection.open(BrokerURL(url), logger: logger)
    let channel = try await connection.openChannel()
    let queue = PrivateBroker.uniqueName("queue")
    try await channel.declare(QueueDeclaration(queue, isAutoDelete: true))
    var bodies = (0..<500).map { Array("message \($0)".utf8) }
    bodies.append((0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    let messages = bodies.map { Message(exchange: "", routingKey: queue, body: $0, isMandatory: true) }
    let outcomes = await (try await connection.openChannel().confirmingPublisher()).publish(messages)
    #expect(outcomes.allSatisfy { if case .confirmed = $0 { true } else { false } })

    let consumer = try await connection.openChannel().consume(queue, prefetch: 100)
    var received: [[UInt8]] = []
    while received.count < bodies.count {
      let batch = try #require(try await consumer.nextBatch(upTo: 100, waitingFor: .seconds(60)))
      try #require(!batch.isEmpty, "\(received.count) came")
      received += batch.map(\.body)
      try await consumer.acknowledge(batch)
    }
    #expect(received == bodies)
    await connection.close()
  }

  /// Why no connection to `url` comes about; an issue is recorded where one does.
  static func refusal(of url: String) async -> RabbitMQError? {
    await #expect(throws: RabbitMQError.self) {
      await (try await Connection.open(BrokerURL(url), logger: logger)).close()
    }
  }
}
