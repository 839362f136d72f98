import Logging
import RabbitMQ
import Support
import Synchronization
import Testing

/// Connections that are replaced by new ones because of their age, under traffic.
@Suite struct RecyclingTests {
  /// How often a connection's log says that it was to be replaced, and that the new one is in order.
  private func replacements(_ log: LogRecorder) -> (begun: Int, done: Int) {
    let lines = log.lines
    return (
      lines.count { $0.text.hasPrefix("replacing the connection") && $0.level == .info },
      lines.count { $0.text.hasPrefix("connection recovered") && $0.level == .notice }
    )
  }

  private func connect(_ name: String, age: Duration, _ log: LogRecorder) async throws -> Connection {
    try await Connection.open(
      BrokerURL(try await PrivateBroker.shared().url), options: .init(name: name, maximumAge: age), logger: log.logger)
  }

  @Test(arguments: ["classic", "quorum"])
  func trafficGoesOnThroughReplacementsAndEveryMessageArrivesOnce(_ queueType: String) async throws {
    let (publishingLog, consumingLog) = (LogRecorder(), LogRecorder())
    let publishing = try await connect("publishing", age: .milliseconds(200), publishingLog)
    let consuming = try await connect("consuming", age: .milliseconds(200), consumingLog)
    let queue = PrivateBroker.uniqueName("queue")
    try await consuming.openChannel().declare(QueueDeclaration(queue, arguments: ["x-queue-type": .string(queueType)]))
    let publisher = try await publishing.openChannel().confirmingPublisher()
    let consumer = try await consuming.openChannel().consume(queue, prefetch: 100)

    // By number, whether the broker says that it was delivered before.
    let received = Mutex<[Int: [Bool]]>([:])
    let receiving = Task {
      while let batch = try await consumer.nextBatch(upTo: 30) {
        received.withLock { received in
          for delivery in batch { received[delivery.number ?? -1, default: []].append(delivery.isRedelivered) }
        }
        try await consumer.acknowledge(batch)
      }
    }
    var count = 0
    let deadline = ContinuousClock.now + .seconds(60)
    while min(replacements(publishingLog).done, replacements(consumingLog).done) < 4, ContinuousClock.now < deadline {
      let outcomes = await publisher.publish(
        (count..<count + 20).map { Message(exchange: "", routingKey: queue, body: Array("\($0)".utf8)) })
      count += outcomes.count
      for outcome in outcomes {
        guard case .confirmed = outcome else {
          Issue.record("not confirmed: \(outcome)")
          return
        }
      }
    }
    let total = count
    try await eventually("every message") { received.withLock { $0.count } >= total }
    try await consumer.cancel()
    try await receiving.value

    #expect(received.withLock { Set($0.keys) } == Set(0..<total))
    let deliveries = received.withLock { Array($0.values) }
    if queueType == "classic" {
      #expect(deliveries.allSatisfy { $0 == [false] }, "confirms and acknowledgements are waited for")
    } else {
      // A quorum queue marks what was on its way to the channel when the consumer was cancelled, and never arrived.
      #expect(deliveries.allSatisfy { $0.count { !$0 } <= 1 }, "none is published twice")
    }
    for log in [publishingLog, consumingLog] {
      let (begun, done) = replacements(log)
      #expect(done >= 4 && (begun == done || begun == done + 1), "\(begun) begun, \(done) done")
      #expect(log.lines.allSatisfy { $0.level < .warning }, "\(log.lines.filter { $0.level >= .warning })")
    }
    await publishing.close()
    try await consuming.openChannel().deleteQueue(queue)
    await consuming.close()
  }

  @Test func requestsOfEveryKindWaitForTheReplacement() async throws {
    let log = LogRecorder()
    let connection = try await connect("requests", age: .milliseconds(20), log)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let queue = PrivateBroker.uniqueName("queue")
          while replacements(log).done < 12 {
            let channel = try await connection.openChannel()
            try await channel.declare(QueueDeclaration(queue))
            try await channel.bind((0..<5).map { Binding(queue: queue, exchange: "amq.topic", routingKey: "\($0)") })
            let publisher = try await channel.confirmingPublisher()
            let outcome = await publisher.publish(Message(exchange: "", routingKey: queue, body: [1]))
            guard case .confirmed = outcome else {
              Issue.record("not confirmed: \(outcome)")
              return
            }
            let consumer = try await channel.consume(queue, prefetch: 10)
            let batch = try #require(try await consumer.nextBatch(upTo: 1))
            try await consumer.acknowledge(batch)
            try await channel.deleteQueue(queue)
            await channel.close()
          }
        }
      }
      try await group.waitForAll()
    }
    await connection.close()
    #expect(log.lines.allSatisfy { !$0.text.contains("under way") && !$0.text.contains("lost") }, "\(log.lines)")
  }
}
