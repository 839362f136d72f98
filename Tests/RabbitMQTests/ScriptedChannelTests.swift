import Logging
import RabbitMQ
import Support
import Testing

/// Channels that end while the broker still has something to say on them.
@Suite struct ScriptedChannelTests {
  let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  func connect(
    _ broker: ScriptedBroker, requestTimeout: Duration = .seconds(30), closeTimeout: Duration = .milliseconds(300)
  ) async throws -> Connection {
    try await Connection.open(
      BrokerURL(broker.url),
      options: .init(requestTimeout: requestTimeout, closeTimeout: closeTimeout, recovery: nil), logger: logger)
  }

  @Test func aNumberIsUsedAgainOnlyOnceTheBrokerHasAnsweredTheClose() async throws {
    // The declaration, and then the close, are answered when another channel is opened.
    let broker = try ScriptedBroker { method, channel in
      switch method {
      case .queueDeclare, .channelClose: []
      case .channelOpen where channel == 2:
        Frames.declareOK(channel: 1) + Frames.channelCloseOK(channel: 1)
          + Frames.method(20, 11, channel: 2, [0, 0, 0, 0])
      default: nil
      }
    }
    defer { broker.stop() }
    let connection = try await connect(broker, requestTimeout: .milliseconds(300))
    let channel = try await connection.openChannel()
    let error = await #expect(throws: RabbitMQError.self) { try await channel.declare(QueueDeclaration("queue")) }
    #expect(error?.code == .timedOut)
    await channel.close()
    #expect(try await connection.openChannel().number == 2)
    #expect(try await connection.openChannel().number == 1, "the answer to its close has come")
    await connection.close()
  }

  @Test func closingWaitsForTheAnswerAndNoLongerThanItsTime() async throws {
    let broker = try ScriptedBroker { method, _ in method == .channelClose ? [] : nil }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let channel = try await connection.openChannel()
    await channel.close()
    #expect(broker.count(of: .channelClose) == 1)
    #expect(try await connection.openChannel().number == 2)
    await connection.close()
  }

  @Test func aCloseThatCrossesTheBrokersIsAnswered() async throws {
    let broker = try ScriptedBroker { method, channel in
      guard method == .channelClose else { return nil }
      return Frames.channelClose(channel: channel, code: 404, "NOT_FOUND - no exchange")
        + Frames.channelCloseOK(channel: channel)
    }
    defer { broker.stop() }
    let connection = try await connect(broker)
    await (try await connection.openChannel()).close()
    try await eventually("the answer") { broker.count(of: .channelCloseOK) == 1 }
    #expect(try await connection.openChannel().number == 1)
    await connection.close()
  }

  @Test func deliveriesOnAChannelThatTimedOutDoNotEndTheConnection() async throws {
    let broker = try ScriptedBroker { method, channel in
      switch method {
      case .cancel: []
      case .channelClose:
        Frames.deliver(channel: channel, tag: 1) + Frames.header(channel: channel, bodySize: 1)
          + Frames.body(channel: channel, [1]) + Frames.channelCloseOK(channel: channel)
      default: nil
      }
    }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let consumer = try await connection.openChannel().consume("queue", prefetch: 1)
    await #expect(throws: RabbitMQError.self) { try await consumer.cancel() }
    try await eventually("the close") { broker.count(of: .channelClose) == 1 }
    // On a channel of its own, whose answer comes after the delivery.
    try await connection.openChannel().declare(QueueDeclaration("queue"))
    await connection.close()
  }

  @Test func anAcknowledgementOfAClosedChannelIsNotTheNextOnes() async throws {
    let broker = try ScriptedBroker { method, channel in
      guard method == .consume else { return nil }
      return Frames.consumeOK(channel: channel) + Frames.deliver(channel: channel, tag: 1)
        + Frames.header(channel: channel, bodySize: 0)
    }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let channel = try await connection.openChannel()
    let old = try await channel.consume("queue", prefetch: 1)
    let stale = try #require(try await old.nextBatch(upTo: 1, waitingFor: .seconds(30)))
    await channel.close()
    let next = try await connection.openChannel()
    try #require(next.number == channel.number)
    let new = try await next.consume("queue", prefetch: 1)
    let fresh = try #require(try await new.nextBatch(upTo: 1, waitingFor: .seconds(30)))
    try await old.acknowledge(stale)
    // Its answer comes after whatever was sent before it.
    try await next.declare(QueueDeclaration("queue"))
    #expect(broker.count(of: .ack) == 0)
    try await new.acknowledge(fresh)
    try await eventually("the acknowledgement") { broker.count(of: .ack) == 1 }
    await connection.close()
  }

  @Test func aPublisherOfAClosedChannelDoesNotPublishOnTheNextOne() async throws {
    let broker = try ScriptedBroker { _, _ in nil }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let channel = try await connection.openChannel()
    let publisher = try await channel.confirmingPublisher()
    await channel.close()
    let next = try await connection.openChannel()
    try #require(next.number == channel.number)
    guard case .unconfirmed(let error) = await publisher.publish(Message(exchange: "", routingKey: "k", body: [1]))
    else {
      Issue.record("nobody can have confirmed it")
      return
    }
    #expect(error.code == .closed)
    try await next.declare(QueueDeclaration("queue"))
    #expect(broker.count(of: .publish) == 0)
    await connection.close()
  }

  @Test func aCancelBehindARequestThatHangsKeepsNobodyLongerThanAskedFor() async throws {
    let broker = try ScriptedBroker { method, _ in method == .queueDeclare || method == .cancel ? [] : nil }
    defer { broker.stop() }
    let connection = try await connect(broker, requestTimeout: .seconds(600))
    let channel = try await connection.openChannel()
    let consumer = try await channel.consume("queue", prefetch: 1)
    let declaring = Task { try await channel.declare(QueueDeclaration("queue")) }
    try await eventually("the declaration") { broker.count(of: .queueDeclare) == 1 }
    let error = await #expect(throws: RabbitMQError.self) { try await consumer.cancel() }
    #expect(error?.code == .timedOut)
    let other = await #expect(throws: RabbitMQError.self) { try await declaring.value }
    #expect(other?.code == .timedOut)
    await connection.close()
  }

  @Test func aLoopThatIsLeftGivesBackWhatItHasNotSeen() async throws {
    let broker = try ScriptedBroker { method, channel in
      guard method == .consume else { return nil }
      return (1...3).reduce(into: Frames.consumeOK(channel: channel)) {
        $0 += Frames.deliver(channel: channel, tag: UInt64($1)) + Frames.header(channel: channel, bodySize: 0)
      }
    }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let consumer = try await connection.openChannel().consume("queue", prefetch: 3)
    for try await delivery in consumer.deliveries {
      #expect(delivery.deliveryTag == 1)
      break
    }
    var rest: [UInt64] = []
    while rest.count < 2 {
      let batch = try #require(try await consumer.nextBatch(upTo: 10, waitingFor: .seconds(30)))
      try #require(!batch.isEmpty, "\(rest)")
      rest += batch.map(\.deliveryTag)
    }
    #expect(rest == [2, 3])
    await connection.close()
  }

  @Test func theUnsettledDeliveriesOfAChannelThatEndedAreNobodys() async throws {
    let broker = try ScriptedBroker { method, channel in
      guard method == .consume else { return nil }
      return Frames.consumeOK(channel: channel) + Frames.deliver(channel: channel, tag: 1)
        + Frames.header(channel: channel, bodySize: 0)
        + Frames.channelClose(channel: channel, code: 406, "PRECONDITION_FAILED")
    }
    defer { broker.stop() }
    let connection = try await connect(broker)
    // The close may come ahead of the call's own end.
    let channel = try await connection.openChannel()
    await #expect(throws: RabbitMQError.self) {
      _ = try await channel.consume("queue", prefetch: 1)
      try await channel.declare(QueueDeclaration("queue"))
    }
    #expect(await connection.unsettledCount == 0, "a replacement of the connection would wait for them")
    await connection.close()
  }
}
