import Dispatch
import Logging

import Support
import Synchronization
import Testing

@testable import RabbitMQ

extension Connection {
  fileprivate func hasRequest(onChannel number: UInt16) -> Bool { channels[number]?.requests.isEmpty == false }
}

/// What happens while a connection is being restored or replaced, by a broker that takes its time.
@Suite struct ScriptedRecoveryTests {
  private let log = LogRecorder()

  private func connect(
    _ broker: ScriptedBroker, requestTimeout: Duration = .seconds(30), closeTimeout: Duration = .seconds(30),
    maximumAge: Duration? = nil
  ) async throws -> Connection {
    try await Connection.open(
      BrokerURL(broker.url),
      options: .init(
        requestTimeout: requestTimeout, closeTimeout: closeTimeout,
        recovery: RecoveryPolicy(initialDelay: .milliseconds(10)), maximumAge: maximumAge), logger: log.logger)
  }

  /// A broker that hangs up when a queue is declared on the first connection.
  ///
  /// - Parameter script: is asked for what comes on the second connection and later ones, with their number.
  private func broker(
    _ script: @escaping @Sendable (ScriptedBroker.Method, UInt16, Int) -> [UInt8]?
  ) throws -> ScriptedBroker {
    let connections = Mutex(0)
    return try ScriptedBroker { method, channel in
      let number = connections.withLock {
        if method == .startOK { $0 += 1 }
        return $0
      }
      if number == 1 { return method == .queueDeclare ? ScriptedBroker.hangUp : nil }
      return script(method, channel, number)
    }
  }

  /// A consumer on channel 1 of a connection that is then lost, with a second channel open.
  private func loseConsuming(_ connection: Connection) async throws -> Consumer {
    let consumer = try await connection.openChannel().consume("queue", prefetch: 1)
    let other = try await connection.openChannel()
    await #expect(throws: RabbitMQError.self) { try await other.declare(QueueDeclaration("queue")) }
    return consumer
  }

  private func recovered(_ connection: Connection) async throws {
    try await eventually("the recovery") { if case .open = await connection.status { true } else { false } }
  }

  private func delivery(_ channel: UInt16) -> [UInt8] {
    Frames.deliver(channel: channel, tag: 1) + Frames.header(channel: channel, bodySize: 0)
  }

  @Test func aConsumerThatTheBrokerCancelsWhileOthersAreRestoredComesBack() async throws {
    let goesOn = DispatchSemaphore(value: 0)
    let consumed = Mutex(0)
    let broker = try broker { [delivery] method, channel, _ in
      switch method {
      case .consume:
        let isFirst = consumed.withLock {
          $0 += 1
          return $0 == 1
        }
        return Frames.consumeOK(channel: channel) + (isFirst ? Frames.cancel(channel: channel) : delivery(channel))
      case .channelOpen where channel == 2:
        goesOn.wait()
        return nil
      default: return nil
      }
    }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let consumer = try await loseConsuming(connection)
    try await eventually("the cancellation") {
      log.lines.contains { $0.text.hasPrefix("the broker cancelled the consumer") }
    }
    goesOn.signal()
    try await recovered(connection)
    #expect(try await consumer.nextBatch(upTo: 1, waitingFor: .seconds(30))?.count == 1)
    await connection.close()
  }

  @Test func aCancelWhileOthersAreRestoredReachesTheBroker() async throws {
    let goesOn = DispatchSemaphore(value: 0)
    let broker = try broker { method, channel, _ in
      if method == .channelOpen, channel == 2 { goesOn.wait() }
      return nil
    }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let consumer = try await loseConsuming(connection)
    // The broker is about to open the second channel, so that the first one's consumer is subscribed.
    try await eventually("the subscription") { broker.count(of: .channelOpen) == 4 }
    let cancelling = Task { try await consumer.cancel() }
    try await eventually("the request") { await connection.hasRequest(onChannel: 1) }
    goesOn.signal()
    try await cancelling.value
    #expect(broker.count(of: .cancel) == 1)
    try await recovered(connection)
    #expect(try await consumer.nextBatch(upTo: 1) == nil)
    await connection.close()
  }

  @Test func aConsumerThatIsCancelledAheadOfItsSubscriptionIsNotSubscribed() async throws {
    let goesOn = DispatchSemaphore(value: 0)
    let broker = try broker { method, _, _ in
      if method == .qos { goesOn.wait() }
      return nil
    }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let consumer = try await loseConsuming(connection)
    try await eventually("the prefetch") { broker.count(of: .qos) == 2 }
    try await consumer.cancel()
    goesOn.signal()
    try await recovered(connection)
    #expect(broker.count(of: .consume) == 1)
    #expect(try await consumer.nextBatch(upTo: 1) == nil)
    await connection.close()
  }

  @Test func aCancelDuringWhichTheConnectionIsLostHasSucceeded() async throws {
    let broker = try ScriptedBroker { method, _ in method == .cancel ? ScriptedBroker.hangUp : nil }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let consumer = try await connection.openChannel().consume("queue", prefetch: 1)
    try await consumer.cancel()
    #expect(try await consumer.nextBatch(upTo: 1) == nil)
    try await eventually("another connection") { broker.count(of: .open) == 2 }
    try await recovered(connection)
    #expect(broker.count(of: .consume) == 1)
    await connection.close()
  }

  @Test func whatIsNotAnsweredWhileRestoringIsTriedAgainOnAnotherConnection() async throws {
    let broker = try broker { [delivery] method, channel, connection in
      guard method == .consume else { return nil }
      return connection == 2 ? [] : Frames.consumeOK(channel: channel) + delivery(channel)
    }
    defer { broker.stop() }
    let connection = try await connect(broker, requestTimeout: .milliseconds(500))
    let consumer = try await loseConsuming(connection)
    #expect(try await consumer.nextBatch(upTo: 1, waitingFor: .seconds(30))?.count == 1)
    await connection.close()
  }

  @Test func whatIsNotAnsweredWhileReplacingIsTriedAgainOnAnotherConnection() async throws {
    let opens = Mutex(0)
    let broker = try ScriptedBroker { [delivery] method, channel in
      let connection = opens.withLock {
        if method == .open { $0 += 1 }
        return $0
      }
      switch method {
      case .cancel: return []
      case .consume: return Frames.consumeOK(channel: channel) + (connection > 1 ? delivery(channel) : [])
      default: return nil
      }
    }
    defer { broker.stop() }
    let connection = try await connect(broker, requestTimeout: .milliseconds(500), maximumAge: .milliseconds(300))
    let consumer = try await connection.openChannel().consume("queue", prefetch: 1)
    #expect(try await consumer.nextBatch(upTo: 1, waitingFor: .seconds(30))?.count == 1)
    await connection.close()
  }

  @Test func aChannelThatIsClosedDuringTheHandshakeDoesNotSpoilIt() async throws {
    let goesOn = DispatchSemaphore(value: 0)
    let broker = try broker { method, _, connection in
      if method == .startOK, connection == 2 { goesOn.wait() }
      return nil
    }
    defer { broker.stop() }
    let connection = try await connect(broker)
    let idle = try await connection.openChannel()
    let other = try await connection.openChannel()
    await #expect(throws: RabbitMQError.self) { try await other.declare(QueueDeclaration("queue")) }
    try await eventually("the handshake") { broker.count(of: .startOK) == 2 }
    await idle.close()
    goesOn.signal()
    try await other.declare(QueueDeclaration("queue"))
    #expect(broker.count(of: .startOK) == 2 && broker.count(of: .channelClose) == 0)
    await connection.close()
  }

  @Test func anOpeningThatIsCancelledInItsHandshakeSaysSo() async throws {
    let goesOn = DispatchSemaphore(value: 0)
    let broker = try ScriptedBroker { method, _ in
      if method == .startOK { goesOn.wait() }
      return nil
    }
    defer {
      goesOn.signal()
      broker.stop()
    }
    let opening = Task { try await connect(broker) }
    try await eventually("the handshake") { broker.count(of: .startOK) == 1 }
    opening.cancel()
    await #expect(throws: CancellationError.self) { _ = try await opening.value }
  }
}
