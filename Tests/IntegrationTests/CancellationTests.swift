import Foundation
import Logging
import RabbitMQ
import Support
import Testing

/// Calls whose tasks are cancelled, beside others on the same connection.
@Suite struct CancellationTests {
  private let log = LogRecorder()
  private let seed = UInt64.random(in: 0...UInt64(UInt32.max))

  private func connect() async throws -> Connection {
    try await Connection.open(BrokerURL(try await PrivateBroker.shared().url), logger: log.logger)
  }

  /// Runs `call` for each number, all at once, and cancels every other one at some moment; returns what became of them.
  private func run<Value: Sendable>(
    _ count: Int, _ call: @escaping @Sendable (Int) async throws -> Value
  ) async -> [Result<Value, any Error>] {
    var generator = SeededGenerator(seed: seed)
    let tasks = (0..<count).map { number in Task { try await call(number) } }
    for number in stride(from: 0, to: count, by: 2).shuffled(using: &generator) {
      for _ in 0..<Int.random(in: 0..<20, using: &generator) { await Task.yield() }
      tasks[number].cancel()
    }
    var results: [Result<Value, any Error>] = []
    for task in tasks { results.append(await task.result) }
    return results
  }

  /// Those that were not cancelled have to have succeeded; of the others some did before.
  private func check<Value>(_ results: [Result<Value, any Error>], _ isRight: (Int, Value) -> Bool) {
    for (number, result) in results.enumerated() {
      switch result {
      case .success(let value): #expect(isRight(number, value), "\(number): \(value), seed \(seed)")
      case .failure(let error):
        #expect(number.isMultiple(of: 2) && error is CancellationError, "\(number): \(error), seed \(seed)")
      }
    }
  }

  /// Nothing that was cancelled may have cost the connection.
  private func checkUsable(_ connection: Connection) async throws {
    let channel = try await connection.openChannel()
    let queue = PrivateBroker.uniqueName("queue")
    try await channel.declare(QueueDeclaration(queue, isExclusive: true))
    let outcome = await (try await channel.confirmingPublisher()).publish(
      Message(exchange: "", routingKey: queue, body: [1]))
    guard case .confirmed = outcome else {
      Issue.record("not confirmed: \(outcome), seed \(seed)")
      return
    }
    let consumer = try await channel.consume(queue, prefetch: 1)
    #expect(try await consumer.nextBatch(upTo: 1)?.map(\.body) == [[1]])
    #expect(log.lines.allSatisfy { $0.level < .warning }, "\(log.lines.filter { $0.level >= .warning }), seed \(seed)")
  }

  @Test func declarationsAndBindingsOfOthersGetTheirOwnAnswers() async throws {
    let connection = try await connect()
    let channel = try await connection.openChannel()
    let prefix = PrivateBroker.uniqueName("queue")
    let declared = await run(200) { number in
      try await channel.declare(QueueDeclaration("\(prefix)-\(number)", isExclusive: true)).name
    }
    check(declared) { number, name in name == "\(prefix)-\(number)" }
    // Each queue is bound twice, so that all of them are bound at least once.
    let other = try await connection.openChannel()
    let bound = await run(200) { number in
      let number = number / 2 * 2 + 1
      try await other.bind(
        Binding(queue: "\(prefix)-\(number)", exchange: "amq.topic", routingKey: "\(prefix).\(number)"))
    }
    check(bound) { _, _ in true }
    let publisher = try await connection.openChannel().confirmingPublisher()
    let outcomes = await publisher.publish(
      stride(from: 1, to: 200, by: 2).map {
        Message(exchange: "amq.topic", routingKey: "\(prefix).\($0)", body: [1], isMandatory: true)
      })
    #expect(outcomes.allSatisfy { if case .confirmed = $0 { true } else { false } }, "seed \(seed)")
    try await checkUsable(connection)
    await connection.close()
  }

  @Test func consumersOfOthersGetTheirOwnMessages() async throws {
    let connection = try await connect()
    let channel = try await connection.openChannel()
    let prefix = PrivateBroker.uniqueName("queue")
    for number in 0..<60 { try await channel.declare(QueueDeclaration("\(prefix)-\(number)", isExclusive: true)) }
    let publisher = try await connection.openChannel().confirmingPublisher()
    _ = await publisher.publish(
      (0..<60).map { Message(exchange: "", routingKey: "\(prefix)-\($0)", body: Array("\($0)".utf8)) })
    let results = await run(60) { number in
      let consumer = try await connection.openChannel().consume("\(prefix)-\(number)", prefetch: 5)
      return try await consumer.nextBatch(upTo: 5)?.map(\.number) ?? []
    }
    check(results) { number, numbers in numbers == [number] }
    try await checkUsable(connection)
    await connection.close()
  }

  @Test func aChannelWhoseConsumeWasCancelledCanConsumeAgain() async throws {
    let connection = try await connect()
    let admin = try await connection.openChannel()
    let publisher = try await connection.openChannel().confirmingPublisher()
    var cancelledCount = 0
    for pause in 0..<40 {
      let queue = PrivateBroker.uniqueName("queue")
      try await admin.declare(QueueDeclaration(queue, isExclusive: true))
      _ = await publisher.publish((0..<3).map { Message(exchange: "", routingKey: queue, body: [UInt8($0)]) })
      let channel = try await connection.openChannel()
      let task = Task { try await channel.consume(queue, prefetch: 2) }
      for _ in 0..<pause { await Task.yield() }
      task.cancel()
      let consumer: Consumer
      switch await task.result {
      case .success(let first): consumer = first
      case .failure(let error):
        #expect(error is CancellationError)
        cancelledCount += 1
        consumer = try await channel.consume(queue, prefetch: 2)
      }
      var bodies: [[UInt8]] = []
      while bodies.count < 3 {
        let batch = try #require(try await consumer.nextBatch(upTo: 2, waitingFor: .seconds(30)))
        try #require(!batch.isEmpty, "what the cancelled consumer got is delivered to the next: \(bodies)")
        bodies += batch.map(\.body)
        try await consumer.acknowledge(batch)
      }
      #expect(bodies.sorted { $0[0] < $1[0] } == [[0], [1], [2]])
      await channel.close()
    }
    #expect(cancelledCount > 0)
    try await checkUsable(connection)
    await connection.close()
  }

  @Test func aCloseWhoseTaskIsCancelledClosesTheChannelAllTheSame() async throws {
    let connection = try await connect()
    let other = try await connection.openChannel()
    let queue = PrivateBroker.uniqueName("queue")
    try await other.declare(QueueDeclaration(queue, isExclusive: true))
    for pause in 0..<20 {
      let channel = try await connection.openChannel()
      _ = try await channel.consume(queue, prefetch: 1)
      let task = Task { await channel.close() }
      for _ in 0..<pause { await Task.yield() }
      task.cancel()
      await task.value
      // Under the same number, once that is free.
      await (try await connection.openChannel()).close()
      try await eventually("the end of its consumer") {
        try await other.declare(QueueDeclaration(queue, isPassive: true)).consumerCount == 0
      }
    }
    try await checkUsable(connection)
    await connection.close()
  }

  @Test func aCancelWhoseTaskIsCancelledEndsTheConsumerAllTheSame() async throws {
    let connection = try await connect()
    var cancelledCount = 0
    for pause in 0..<20 {
      let channel = try await connection.openChannel()
      let queue = PrivateBroker.uniqueName("queue")
      try await channel.declare(QueueDeclaration(queue, isExclusive: true))
      let consumer = try await channel.consume(queue, prefetch: 2)
      let task = Task { try await consumer.cancel() }
      for _ in 0..<pause { await Task.yield() }
      task.cancel()
      if case .failure(let error) = await task.result {
        #expect(error is CancellationError)
        cancelledCount += 1
      }
      #expect(try await consumer.nextBatch(upTo: 1, waitingFor: .seconds(30)) == nil)
      try await eventually("the broker to know it") {
        try await channel.declare(QueueDeclaration(queue, isPassive: true)).consumerCount == 0
      }
      await channel.close()
    }
    #expect(cancelledCount > 0)
    try await checkUsable(connection)
    await connection.close()
  }

  @Test func ofCancelledPublicationsEachIsConfirmedOrUnconfirmedAndTheQueueAgrees() async throws {
    let connection = try await connect()
    let channel = try await connection.openChannel()
    let queue = PrivateBroker.uniqueName("queue")
    try await channel.declare(QueueDeclaration(queue, isExclusive: true))
    let publisher = try await connection.openChannel().confirmingPublisher()
    let results = await run(200) { number in
      await publisher.publish(
        (0..<50).map { Message(exchange: "", routingKey: queue, body: Array("\(number * 50 + $0)".utf8)) })
    }
    var (confirmed, unconfirmed): (Set<Int>, Set<Int>) = ([], [])
    for (number, result) in results.enumerated() {
      for (index, outcome) in try result.get().enumerated() {
        switch outcome {
        case .confirmed: confirmed.insert(number * 50 + index)
        case .unconfirmed(let error) where error.code == .cancelled && number.isMultiple(of: 2):
          unconfirmed.insert(number * 50 + index)
        default: Issue.record("\(number): \(outcome), seed \(seed)")
        }
      }
    }
    #expect(confirmed.count + unconfirmed.count == 200 * 50)
    #expect(!unconfirmed.isEmpty, "some were cancelled in time")
    // On the same channel, so that everything that was sent is in the queue ahead of it.
    let last = await publisher.publish(Message(exchange: "", routingKey: queue, body: Array("-1".utf8)))
    guard case .confirmed = last else {
      Issue.record("not confirmed: \(last), seed \(seed)")
      return
    }
    let consumer = try await channel.consume(queue, prefetch: 500)
    var stored: [Int] = []
    while stored.last != -1 {
      let batch = try #require(try await consumer.nextBatch(upTo: 500, waitingFor: .seconds(30)))
      try #require(!batch.isEmpty)
      stored += batch.compactMap(\.number)
      try await consumer.acknowledge(batch)
    }
    stored.removeLast()
    #expect(Set(stored).count == stored.count, "seed \(seed)")
    #expect(confirmed.isSubset(of: stored), "what was confirmed is there, seed \(seed)")
    #expect(confirmed.union(unconfirmed).isSuperset(of: stored), "seed \(seed)")
    try await checkUsable(connection)
    await connection.close()
  }
}
