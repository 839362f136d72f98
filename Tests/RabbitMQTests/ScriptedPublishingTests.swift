import Dispatch
import Logging
import Support
import Synchronization
import Testing

@testable import RabbitMQ

/// Publishing to a broker that answers as no real one can be made to.
@Suite struct ScriptedPublishingTests {
  let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  func connect(_ broker: ScriptedBroker, recovery: RecoveryPolicy? = nil) async throws -> Connection {
    try await Connection.open(
      BrokerURL(broker.url), options: .init(closeTimeout: .milliseconds(500), recovery: recovery), logger: logger)
  }

  func messages(_ count: Int, isMandatory: Bool = false) -> [Message] {
    (1...count).map {
      Message(
        exchange: "", routingKey: "key", properties: .init(messageID: "m\($0)"), body: [1], isMandatory: isMandatory)
    }
  }

  func words(_ outcomes: [PublishOutcome]) -> [String] {
    outcomes.map {
      switch $0 {
      case .confirmed: "confirmed"
      case .refused: "refused"
      case .returned(let reason): "returned \(reason)"
      case .unconfirmed(let error): "unconfirmed \(error.code)"
      }
    }
  }

  /// Answers each publication with what `answer` says to its number, counted from 1.
  func broker(_ answer: @escaping @Sendable (Int) -> [UInt8]?) throws -> ScriptedBroker {
    let count = Mutex(0)
    return try ScriptedBroker { method, _ in
      guard method == .publish else { return nil }
      return answer(
        count.withLock {
          $0 += 1
          return $0
        })
    }
  }

  @Test func answersOutOfOrderReachTheirMessages() async throws {
    let broker = try broker { number in
      guard number == 6 else { return nil }
      return Frames.ack(channel: 1, tag: 5) + Frames.nack(channel: 1, tag: 2)
        + Frames.ack(channel: 1, tag: 3, multiple: true)
        + Frames.ack(channel: 1, tag: 3) + Frames.nack(channel: 1, tag: 0, multiple: true)
    }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let publisher = try await connection.openChannel().confirmingPublisher()
    let outcomes = await publisher.publish(messages(6))
    #expect(words(outcomes) == ["confirmed", "refused", "confirmed", "refused", "confirmed", "refused"])
    await connection.close()
  }

  @Test func aReturnAheadOfItsConfirmBelongsToTheMessageItNames() async throws {
    let broker = try broker { number in
      guard number == 3 else { return nil }
      return Frames.returned(channel: 1, messageID: "m2") + Frames.heartbeat
        + Frames.ack(channel: 1, tag: 3, multiple: true)
    }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let publisher = try await connection.openChannel().confirmingPublisher()
    let outcomes = await publisher.publish(messages(3, isMandatory: true))
    #expect(words(outcomes) == ["confirmed", "returned NO_ROUTE", "confirmed"])
    await connection.close()
  }

  @Test func aReturnOfAStrangersMessageChangesNothing() async throws {
    let broker = try broker { _ in Frames.returned(channel: 1, messageID: "other") + Frames.ack(channel: 1, tag: 1) }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let outcomes = await (try await connection.openChannel().confirmingPublisher()).publish(messages(1))
    #expect(words(outcomes) == ["confirmed"])
    await connection.close()
  }

  @Test func anAlarmPausesPublishingAndNothingElse() async throws {
    // Declarations are answered meanwhile; the one with a binding ends the alarm.
    let broker = try ScriptedBroker { method, channel in
      switch method {
      case .queueDeclare:
        Frames.blocked("low on memory")
          + Frames.method(50, 11, channel: channel, Frames.short("queue") + [0, 0, 0, 0, 0, 0, 0, 0])
      case .queueBind: Frames.blocked(nil) + Frames.method(50, 21, channel: channel, [])
      case .publish: Frames.ack(channel: channel, tag: 1)
      default: nil
      }
    }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let channel = try await connection.openChannel()
    let publisher = try await connection.openChannel().confirmingPublisher()
    try await channel.declare(QueueDeclaration("queue"))
    #expect(await connection.blocked == "low on memory")
    guard case .blocked(reason: "low on memory") = await connection.status else {
      Issue.record("the status does not tell of the alarm")
      return
    }
    let late = await publisher.publish(messages(1)[0], timeout: .milliseconds(100))
    guard case .unconfirmed(let error) = late else {
      Issue.record("published under an alarm: \(late)")
      return
    }
    #expect(error.code == .timedOut && error.description.contains("low on memory"), "\(error)")
    #expect(broker.count(of: .publish) == 0)
    async let outcome = publisher.publish(messages(1)[0])
    try await channel.bind(Binding(queue: "queue", exchange: "e", routingKey: "k"))
    #expect(words([await outcome]) == ["confirmed"])
    #expect(await connection.blocked == nil)
    await connection.close()
  }

  @Test func theCancellationOfAPublisherGivesItsMessagesUpAndNoOthers() async throws {
    let broker = try broker { number in number == 2 ? Frames.ack(channel: 1, tag: 2) : nil }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let publisher = try await connection.openChannel().confirmingPublisher()
    let cancelled = Task { await publisher.publish(messages(1)) }
    try await eventually("the first message") { broker.count(of: .publish) == 1 }
    cancelled.cancel()
    #expect(words(await cancelled.value) == ["unconfirmed cancelled"])
    #expect(words(await publisher.publish(messages(1))) == ["confirmed"])
    await connection.close()
  }

  @Test func aChannelThatTheBrokerClosesIsAnsweredAndItsMessagesTellWhy() async throws {
    let broker = try broker { number in
      number == 1 ? Frames.channelClose(channel: 1, code: 404, "NOT_FOUND - no exchange") : nil
    }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let publisher = try await connection.openChannel().confirmingPublisher()
    #expect(words(await publisher.publish(messages(2))) == ["unconfirmed notFound", "unconfirmed notFound"])
    // A second call ends the same way, at once.
    #expect(words(await publisher.publish(messages(1))) == ["unconfirmed notFound"])
    try await eventually("the answer to the close") { broker.count(of: .channelCloseOK) == 1 }
    try await connection.openChannel().declare(QueueDeclaration("queue"))
    await connection.close()
  }

  @Test func unconfirmedMessagesArePublishedAgainAsTheyWere() async throws {
    // The first connection ends with the third message, of which it confirmed the first.
    let broker = try broker { number in
      switch number {
      case 1: Frames.ack(channel: 1, tag: 1)
      case 4: ScriptedBroker.hangUp
      // The second connection counts its tags from 1 again.
      case 7: Frames.ack(channel: 1, tag: 3, multiple: true)
      default: nil
      }
    }
    defer { broker.stop() }
    let connection = try await connect(broker, recovery: RecoveryPolicy(initialDelay: .milliseconds(10)))
    let publisher = try await connection.openChannel().confirmingPublisher()
    let first = await publisher.publish(messages(1))
    #expect(words(first) == ["confirmed"])
    let outcomes = await publisher.publish(Array(messages(4)[1...]))
    #expect(words(outcomes) == ["confirmed", "confirmed", "confirmed"])
    #expect(broker.count(of: .open) == 2)
    // The header of the message at which the connection ended was never read.
    let headers = broker.headers
    #expect(headers.count == 6 && Array(headers[1...2]) == Array(headers[3...4]), "\(headers.count)")
    await connection.close()
  }

  @Test func confirmsThatNeverComeHaveTheirMessagesPublishedAgainOnANewConnection() async throws {
    // Of the first two messages one is confirmed; what comes on the second connection is, with tags from 1.
    let broker = try broker { number in
      switch number {
      case 2: Frames.ack(channel: 1, tag: 2)
      case 3: Frames.ack(channel: 1, tag: 1)
      default: nil
      }
    }
    defer { broker.stop() }
    let connection = try await Connection.open(
      BrokerURL(broker.url),
      options: .init(recovery: RecoveryPolicy(initialDelay: .milliseconds(10)), confirmTimeout: .milliseconds(200)),
      logger: logger)
    let publisher = try await connection.openChannel().confirmingPublisher()
    #expect(words(await publisher.publish(messages(2))) == ["confirmed", "confirmed"])
    #expect(broker.count(of: .publish) == 3 && broker.count(of: .open) == 2)
    let headers = broker.headers
    #expect(headers.count == 3 && headers[0] == headers[2])
    await connection.close()
  }

  @Test func theTimeOfAnAlarmIsNotOwedToAConfirm() async throws {
    // The alarm begins with a declaration and ends with a binding.
    let broker = try ScriptedBroker { method, channel in
      switch method {
      case .queueDeclare: Frames.blocked("alarm") + Frames.declareOK(channel: channel)
      case .queueBind: Frames.blocked(nil) + Frames.method(50, 21, channel: channel, [])
      default: nil
      }
    }
    defer { broker.stop() }
    let connection = try await connect(broker, recovery: RecoveryPolicy())
    let channel = try await connection.openChannel()
    let confirmTimeout = Connection.Options().confirmTimeout
    let longAgo = ContinuousClock.now - .seconds(3_600)
    #expect(await connection.confirmDeadline(sentAt: longAgo) == longAgo + confirmTimeout)
    try await channel.declare(QueueDeclaration("queue"))
    #expect(await connection.confirmDeadline(sentAt: longAgo) == nil)
    let alarmed = ContinuousClock.now
    try await channel.bind(Binding(queue: "queue", exchange: "e", routingKey: "k"))
    let deadline = try #require(await connection.confirmDeadline(sentAt: longAgo))
    #expect(deadline > alarmed + confirmTimeout)
    await connection.close()
  }

  @Test func roomIsNotWaitedForLongerThanAskedFor() async throws {
    let broker = try ScriptedBroker { method, channel in
      method == .queueDeclare ? Frames.blocked("alarm") + Frames.declareOK(channel: channel) : nil
    }
    defer { broker.stop() }
    let connection = try await connect(broker)
    try await connection.openChannel().declare(QueueDeclaration("queue"))
    let publisher = try await connection.openChannel().confirmingPublisher(timeout: .seconds(600))
    // As many as fit.
    let receipt = await publisher.submit(messages(4_096))
    let outcome = await publisher.publish(messages(1)[0], timeout: .milliseconds(100))
    #expect(words([outcome]) == ["unconfirmed timedOut"])
    await connection.close()
    #expect(await receipt.outcomes.count == 4_096)
  }

  @Test(arguments: [UInt16(1), 2])
  func aChannelWithLargeMessagesLeavesRoomForAnother(_ busy: UInt16) async throws {
    let goesOn = DispatchSemaphore(value: 0)
    let published = Mutex<[UInt16]>([])
    let broker = try ScriptedBroker { method, channel in
      guard method == .publish else { return nil }
      let count = published.withLock {
        $0.append(channel)
        return $0.count
      }
      // By then the other channel's message waits too.
      if count == 1 { goesOn.wait() }
      return nil
    }
    defer { broker.stop() }
    let connection = try await connect(broker)
    var publishers: [UInt16: ConfirmingPublisher] = [:]
    for number in UInt16(1)...2 { publishers[number] = try await connection.openChannel().confirmingPublisher() }
    let large = Message(exchange: "", routingKey: "k", body: [UInt8](repeating: 7, count: 120_000))
    // Close to what an outbox takes, and more than what sockets hold.
    let first = await publishers[busy]?.submit(Array(repeating: large, count: 130))
    let second = await publishers[3 - busy]?.submit(messages(1))
    goesOn.signal()
    try await eventually("every message") { published.withLock { $0.count } == 131 }
    let place = published.withLock { $0.firstIndex(of: 3 - busy) }
    #expect(place.map { $0 < 130 } == true)
    await connection.close()
    withExtendedLifetime((first, second)) {}
  }
}
