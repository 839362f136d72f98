import Logging
import RabbitMQ
import Support
import Synchronization
import Testing

/// Consuming from a broker that sends what no real one can be made to.
@Suite struct ScriptedConsumingTests {
  let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  func connect(_ url: String, recovery: RecoveryPolicy? = nil) async throws -> Connection {
    try await Connection.open(
      BrokerURL(url), options: .init(closeTimeout: .milliseconds(300), recovery: recovery), logger: logger)
  }

  @Test func framesOfChannelsBetweenOneAnotherFindTheirMessages() async throws {
    let consumers = Mutex(0)
    let broker = try ScriptedBroker { method, channel in
      guard method == .consume else { return nil }
      let count = consumers.withLock {
        $0 += 1
        return $0
      }
      guard count == 2 else { return Frames.consumeOK(channel: channel) }
      // Two messages at once, a heartbeat and an alarm in their midst, cut where AMQP allows it.
      var bytes =
        Frames.consumeOK(channel: channel) + Frames.deliver(channel: 1, tag: 1) + Frames.deliver(channel: 2, tag: 1)
      bytes += Frames.header(channel: 2, bodySize: 4) + Frames.heartbeat + Frames.body(channel: 2, [1, 2])
      bytes += Frames.header(channel: 1, bodySize: 3) + Frames.blocked("alarm") + Frames.body(channel: 1, [7])
      return bytes + Frames.body(channel: 2, [3, 4]) + Frames.heartbeat + Frames.body(channel: 1, [8, 9])
    }
    defer { broker.stop() }
    let connection = try await connect(broker.url)
    let first = try await connection.openChannel().consume("one", prefetch: 10)
    let second = try await connection.openChannel().consume("two", prefetch: 10)
    #expect(try await first.nextBatch(upTo: 1, waitingFor: .seconds(10))?.map(\.body) == [[7, 8, 9]])
    #expect(try await second.nextBatch(upTo: 1, waitingFor: .seconds(10))?.map(\.body) == [[1, 2, 3, 4]])
    #expect(await connection.blocked == "alarm")
    await connection.close()
  }

  @Test func aQueuesAnswersMayComeAfterThoseToLaterRequests() async throws {
    // As RabbitMQ does it: the channel answers by itself, and passes on what the queue says of consume and cancel.
    let broker = try ScriptedBroker { method, channel in
      switch method {
      case .consume, .cancel: []
      case .queueDeclare:
        Frames.method(50, 11, channel: channel, Frames.short("queue") + [0, 0, 0, 0, 0, 0, 0, 0])
          + Frames.consumeOK(channel: channel)
      case .queueBind:
        Frames.method(50, 21, channel: channel, [])
          + Frames.method(60, 31, channel: channel, Frames.short("drover-\(channel)"))
      default: nil
      }
    }
    defer { broker.stop() }
    let connection = try await connect(broker.url)
    let channel = try await connection.openChannel()
    let consuming = Task { try await channel.consume("queue", prefetch: 1) }
    try await eventually("the question") { broker.count(of: .consume) == 1 }
    #expect(try await channel.declare(QueueDeclaration("queue")).name == "queue")
    let consumer = try await consuming.value
    let cancelling = Task { try await consumer.cancel() }
    try await eventually("the question") { broker.count(of: .cancel) == 1 }
    try await channel.bind(Binding(queue: "queue", exchange: "e", routingKey: "k"))
    try await cancelling.value
    #expect(try await consumer.nextBatch(upTo: 1) == nil)
    await connection.close()
  }

  @Test func aCancelThatIsNotAnsweredKeepsNobody() async throws {
    let broker = try ScriptedBroker { method, _ in method == .cancel ? [] : nil }
    defer { broker.stop() }
    let connection = try await connect(broker.url)
    let consumer = try await connection.openChannel().consume("queue", prefetch: 1)
    let error = await #expect(throws: RabbitMQError.self) { try await consumer.cancel() }
    #expect(error?.code == .timedOut)
    await connection.close()
  }

  @Test func deliveriesOfALostConnectionAreNotAcknowledgedOnTheNext() async throws {
    let connections = Mutex(0)
    let broker = try ScriptedBroker { method, channel in
      switch method {
      case .open:
        connections.withLock { $0 += 1 }
        return nil
      case .consume:
        return Frames.consumeOK(channel: channel) + Frames.deliver(channel: channel, tag: 1)
          + Frames.header(channel: channel, bodySize: 0)
      case .queueDeclare:
        // Asked to end the first connection.
        return connections.withLock { $0 } == 1 ? ScriptedBroker.hangUp : nil
      default: return nil
      }
    }
    defer { broker.stop() }
    let connection = try await connect(broker.url, recovery: RecoveryPolicy(initialDelay: .milliseconds(10)))
    let consumer = try await connection.openChannel().consume("queue", prefetch: 1)
    let old = try #require(try await consumer.nextBatch(upTo: 1, waitingFor: .seconds(10)))
    let other = try await connection.openChannel()
    await #expect(throws: RabbitMQError.self) { try await other.declare(QueueDeclaration("queue")) }
    let new = try #require(try await consumer.nextBatch(upTo: 1, waitingFor: .seconds(10)))
    #expect(new.count == 1)
    // Tag 1 of the first connection is another message's on the second.
    try await consumer.acknowledge(old)
    try await other.declare(QueueDeclaration("queue"))
    #expect(broker.count(of: .ack) == 0)
    try await consumer.acknowledge(new)
    try await eventually("the acknowledgement") { broker.count(of: .ack) == 1 }
    await connection.close()
  }

  @Test func aSilentBrokerIsGivenUpAfterTwoHeartbeatsAndEverybodyIsTold() async throws {
    // It answers nothing once something is published, and sends no heartbeats.
    let broker = try ScriptedBroker { _, _ in nil }
    defer { broker.stop() }
    // Long enough for a busy machine to come so far that somebody waits.
    let connection = try await connect(broker.url + "&heartbeat=4")
    let publisher = try await connection.openChannel().confirmingPublisher(timeout: .seconds(60))
    let consumer = try await connection.openChannel().consume("queue", prefetch: 1)
    async let outcome = publisher.publish(Message(exchange: "", routingKey: "k", body: [1]))
    let error = await #expect(throws: RabbitMQError.self) { try await consumer.nextBatch(upTo: 1) }
    #expect(error?.code == .connectionLost && error?.description.contains("silent") == true)
    guard case .unconfirmed(let reason) = await outcome else {
      Issue.record("nobody can have confirmed it")
      return
    }
    #expect(reason.code == .connectionLost)
  }

  @Test(arguments: [0, 3, 7, 20, 60])
  func aHandshakeThatIsCutShortIsAnError(_ length: Int) async throws {
    let start = Frames.method(
      10, 10, channel: 0, [0, 9, 0, 0, 0, 0] + Frames.long("PLAIN") + Frames.long("en_US"))
    let peer = try GreetingPeer()
    let url = "amqp://127.0.0.1:\(peer.port)/?connection_timeout=10"
    let connecting = Task { try await connect(url) }
    let greeted = try await peer.greeting(Array(start.prefix(length)), hangingUp: true)
    let error = await #expect(throws: RabbitMQError.self) { try await connecting.value }
    #expect(error?.code == .connectionLost, "\(error.map { "\($0)" } ?? "")")
    withExtendedLifetime(greeted) {}
  }

  @Test func aPeerThatSpeaksSomethingElseIsToldApart() async throws {
    let peer = try GreetingPeer()
    let url = "amqp://127.0.0.1:\(peer.port)/?connection_timeout=10"
    let connecting = Task { try await connect(url) }
    let greeted = try await peer.greeting(Array("SSH-2.0-OpenSSH_9.2\r\n".utf8), hangingUp: false)
    let error = await #expect(throws: RabbitMQError.self) { try await connecting.value }
    #expect(error?.code == .protocolViolation)
    withExtendedLifetime(greeted) {}
  }
}
