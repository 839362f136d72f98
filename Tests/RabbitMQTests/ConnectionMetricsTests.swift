import Logging
import RabbitMQ
import Support
import Synchronization
import Testing

/// What a connection counts.
@Suite struct ConnectionMetricsTests {
  private let recorder = MetricsRecorder.shared
  private let name = "metrics-\(UInt32.random(in: 0...UInt32.max))"
  private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private func total(_ name: String) -> Double { recorder.total("drover_amqp_\(name)", ["connection": self.name]) }
  private func values(_ name: String) -> [Double] { recorder.values("drover_amqp_\(name)", ["connection": self.name]) }

  private func connect(_ url: String) async throws -> Connection {
    try await Connection.open(
      BrokerURL(url),
      options: .init(
        name: name, closeTimeout: .milliseconds(500), recovery: RecoveryPolicy(initialDelay: .milliseconds(10))),
      logger: logger)
  }

  private func messages(_ count: Int) -> [Message] {
    (1...count).map { Message(exchange: "", routingKey: "key", properties: .init(messageID: "m\($0)"), body: [1]) }
  }

  @Test func everyOutcomeOfAPublicationIsCounted() async throws {
    let count = Mutex(0)
    let broker = try ScriptedBroker { method, channel in
      guard method == .publish else { return nil }
      let number = count.withLock {
        $0 += 1
        return $0
      }
      guard number == 4 else { return nil }
      return Frames.ack(channel: channel, tag: 2, multiple: true) + Frames.nack(channel: channel, tag: 3)
        + Frames.returned(channel: channel, messageID: "m4") + Frames.ack(channel: channel, tag: 4)
    }
    defer { broker.stop() }
    let connection = try await connect(broker.url)
    let publisher = try await connection.openChannel().confirmingPublisher()
    let begin = ContinuousClock.now
    _ = await publisher.publish(messages(4))
    await connection.close()
    let (seconds, attoseconds) = (ContinuousClock.now - begin).components
    let passed = Double(seconds) * 1e9 + Double(attoseconds) / 1e9

    #expect(total("published_total") == 4)
    #expect(total("confirmed_total") == 2)
    #expect(total("refused_total") == 1)
    #expect(total("returned_total") == 1)
    #expect(total("republished_total") == 0)
    // One for each answer that settled something.
    let latencies = values("confirm_latency")
    #expect(latencies.count == 3 && latencies.allSatisfy { $0 > 0 && $0 <= passed }, "\(latencies) of \(passed)")
    #expect(values("unconfirmed_messages").max() == 4 && values("unconfirmed_messages").last == 0)
  }

  @Test func whatIsPublishedAgainAndTheConnectionsThatAreLostAndFoundAreCounted() async throws {
    let count = Mutex(0)
    let broker = try ScriptedBroker { method, channel in
      guard method == .publish else { return nil }
      return
        switch count.withLock({
          $0 += 1
          return $0
        })
      {
      case 1: Frames.ack(channel: channel, tag: 1)
      case 3: ScriptedBroker.hangUp
      case 5: Frames.ack(channel: channel, tag: 2, multiple: true)
      default: nil
      }
    }
    defer { broker.stop() }
    let connection = try await connect(broker.url)
    let publisher = try await connection.openChannel().confirmingPublisher()
    _ = await publisher.publish(messages(1))
    _ = await publisher.publish(messages(2))
    await connection.close()
    #expect(total("published_total") == 5)
    #expect(total("confirmed_total") == 3)
    #expect(total("republished_total") == 2)
    #expect(total("connections_lost_total") == 1)
    #expect(total("reconnects_total") == 1)
  }

  @Test func deliveriesAndWhatBecomesOfThemAreCounted() async throws {
    let broker = try ScriptedBroker { method, channel in
      guard method == .consume else { return nil }
      return (1...3).reduce(into: Frames.consumeOK(channel: channel)) {
        $0 += Frames.deliver(channel: channel, tag: UInt64($1), isRedelivered: $1 == 3)
        $0 += Frames.header(channel: channel, bodySize: 0)
      }
    }
    defer { broker.stop() }
    let connection = try await connect(broker.url)
    let channel = try await connection.openChannel()
    let consumer = try await channel.consume("queue", prefetch: 3)
    var deliveries: [Delivery] = []
    while deliveries.count < 3 {
      deliveries += try #require(try await consumer.nextBatch(upTo: 3, waitingFor: .seconds(30)))
    }
    try await eventually("the gauge") { values("unacknowledged_deliveries").last == 3 }
    try await consumer.acknowledge(Array(deliveries[..<2]))
    try await consumer.reject(deliveries[2], requeue: true)
    await connection.close()
    #expect(total("delivered_total") == 3)
    #expect(total("redelivered_total") == 1)
    #expect(total("acknowledged_total") == 2)
    #expect(total("rejected_total") == 1)
    #expect(values("unacknowledged_deliveries").last == 0)
  }

  @Test func theTimeOfAnAlarmIsMeasuredAndWhatWaitsMeanwhileIsCounted() async throws {
    let broker = try ScriptedBroker { method, channel in
      switch method {
      case .queueDeclare: Frames.blocked("alarm") + Frames.declareOK(channel: channel)
      case .queueBind: Frames.blocked(nil) + Frames.method(50, 21, channel: channel, [])
      case .publish: Frames.ack(channel: channel, tag: 5, multiple: true)
      default: nil
      }
    }
    defer { broker.stop() }
    let connection = try await connect(broker.url)
    let channel = try await connection.openChannel()
    let publisher = try await connection.openChannel().confirmingPublisher()
    let begin = ContinuousClock.now
    try await channel.declare(QueueDeclaration("queue"))
    let receipt = await publisher.submit(messages(5))
    try await eventually("the outbox's length") { values("outbox_messages").last == 5 }
    #expect(total("published_total") == 0)
    try await channel.bind(Binding(queue: "queue", exchange: "e", routingKey: "k"))
    let (seconds, attoseconds) = (ContinuousClock.now - begin).components
    _ = await receipt.outcomes
    await connection.close()
    let blocked = total("blocked_seconds_total")
    #expect(blocked > 0 && blocked <= Double(seconds) + Double(attoseconds) / 1e18, "\(blocked)")
    #expect(values("blocked_seconds_total").count == 1)
    #expect(values("outbox_messages").last == 0)
    #expect(total("published_total") == 5)
  }
}
