import Foundation
import Logging
import RabbitMQ
import Support
import Testing

/// Messages so large that the prefetch alone bounds nothing.
@Suite struct BufferBoundTests {
  private static let size = 1_000_000
  private static let count = 120

  private func fill(_ queue: String, at url: String) async throws {
    let connection = try await Connection.open(BrokerURL(url), logger: Logger(label: "test"))
    let channel = try await connection.openChannel()
    try await channel.declare(QueueDeclaration(queue))
    let publisher = try await channel.confirmingPublisher(timeout: .seconds(120))
    for number in 0..<Self.count {
      let body = [UInt8](repeating: UInt8(number), count: Self.size)
      let outcome = await publisher.publish(Message(exchange: "", routingKey: queue, body: body))
      guard case .confirmed = outcome else { throw RabbitMQError(.timedOut, "\(outcome)") }
    }
    await connection.close()
  }

  @Test func aConsumerThatIsSlowMakesTheBrokerWaitAndKeepsItsConnection() async throws {
    let broker = try await PrivateBroker.shared()
    let queue = PrivateBroker.uniqueName("large")
    try await fill(queue, at: broker.url)
    let proxy = try FaultProxy(to: broker.port)
    defer { proxy.stop() }
    let user = PrivateBroker.user
    let log = LogRecorder()
    let connection = try await Connection.open(
      BrokerURL("amqp://\(user):\(user)@127.0.0.1:\(proxy.port)/?heartbeat=1"),
      options: .init(maximumBufferedBytes: 8 << 20), logger: log.logger)
    let consumer = try await connection.openChannel().consume(queue, prefetch: Self.count)
    try await eventually("a full buffer") { proxy.statistics.bytesTowardsClient > 8 << 20 }
    // Five of our heartbeats, of eight bytes each: more silence of the broker's than it would be forgiven.
    let before = proxy.statistics.bytesTowardsServer
    try await eventually("some heartbeats") { proxy.statistics.bytesTowardsServer >= before + 5 * 8 }
    // The buffer, and what proxy and sockets hold.
    #expect(proxy.statistics.bytesTowardsClient < 60 * Self.size, "\(proxy.statistics.bytesTowardsClient)")

    var numbers: [UInt8] = []
    while numbers.count < Self.count {
      let batch = try #require(try await consumer.nextBatch(upTo: 100, bytes: 2_500_000, waitingFor: .seconds(30)))
      try #require(!batch.isEmpty && batch.count <= 3)
      #expect(batch.allSatisfy { $0.body.count == Self.size && !$0.isRedelivered })
      numbers += batch.map { $0.body[0] }
      try await consumer.acknowledge(batch)
    }
    #expect(numbers == (0..<Self.count).map { UInt8($0) })
    #expect(proxy.statistics.accepted == 1, "\(log.lines)")
    try await connection.openChannel().deleteQueue(queue)
    await connection.close()
  }

  @Test func aFullConsumerCanBeCancelledAndClosed() async throws {
    let broker = try await PrivateBroker.shared()
    let queue = PrivateBroker.uniqueName("large")
    try await fill(queue, at: broker.url)
    let connection = try await Connection.open(
      BrokerURL(broker.url), options: .init(maximumBufferedBytes: 1), logger: Logger(label: "test"))
    let consumer = try await connection.openChannel().consume(queue, prefetch: Self.count)
    let first = try #require(try await consumer.nextBatch(upTo: 1))
    #expect(first.count == 1)
    try await consumer.cancel()
    var count = 1
    while let batch = try await consumer.nextBatch(upTo: 10) { count += batch.count }
    #expect(count <= Self.count)
    try await connection.openChannel().deleteQueue(queue)
    await connection.close()
  }

  @Test func aListenerStaysSmallWhateverIsInTheQueue() async throws {
    let setting = try await ListenSetting("large")
    let broker = try await PrivateBroker.shared().url
    let connection = try await Connection.open(BrokerURL(broker), logger: Logger(label: "test"))
    let publisher = try await connection.openChannel().confirmingPublisher(timeout: .seconds(120))
    let text = String(repeating: "line of a log\\n", count: 100_000)
    for number in 0..<200 {
      // Some are jobs, some are not, and what is not is long as well.
      let job = """
        {"taskId": "task-\(number)", "buildSystem": "ci", "state": "\(number % 4 == 0 ? "?" : "pending")",
         "jobKind": "build", "version": 1, "display": {"jobName": "b", "jobSymbol": "B", "groupSymbol": "?"},
         "origin": {"project": "orchard", "revision": "ba0d49136409ae56d053e5873d34a305eeb6f770"},
         "extra": {"artifacts": [{"name": "a", "type": "text", "blob": "\(text)"}]}}
        """
      let outcome = await publisher.publish(
        Message(exchange: setting.exchange, routingKey: "treeherder.orchard", body: Array(job.utf8)))
      guard case .confirmed = outcome else { throw RabbitMQError(.timedOut, "\(outcome)") }
    }
    await connection.close()
    let script = """
      import resource, subprocess, sys
      subprocess.run(sys.argv[1:], check=True)
      print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
      """
    let measured = try await Program(
      URL(filePath: "/usr/bin/env"),
      ["python3", "-c", script, Repository.programs.appending(path: "drover").path]
        + ["listen", "--queue", setting.name, "--until-empty"], environment: setting.environment
    ).result()
    #expect(measured.lastLine == "150 stored, 0 waiting, 50 rejected, 0 duplicates", "\(measured.errors)")
    let kilobytes = try #require(Int(measured.output.trimmingCharacters(in: .whitespacesAndNewlines)))
    // 280 MB of messages.
    #expect(kilobytes < 200_000)
  }
}
