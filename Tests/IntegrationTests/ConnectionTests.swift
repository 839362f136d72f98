import Foundation
import Logging
import RabbitMQ
import Support
import Testing

/// The client against a real broker.
@Suite struct ConnectionTests {
  let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  func connect(_ change: (String) -> String = { $0 }) async throws -> Connection {
    try await Connection.open(BrokerURL(change(try await PrivateBroker.shared().url)), logger: logger)
  }

  func code(_ change: (String) -> String) async throws -> RabbitMQError.Code? {
    let error = await #expect(throws: RabbitMQError.self) { try await connect(change) }
    return error?.code
  }

  @Test func whatIsRefusedIsToldApart() async throws {
    #expect(try await code { $0.replacing("drover:drover", with: "drover:wrong") } == .authenticationRefused)
    #expect(try await code { $0 + "nowhere" } == .notFound)
    #expect(try await code { _ in "amqp://127.0.0.1:1/" } == .unreachable)
  }

  @Test func thePeerThatNeverAnswersIsGivenUpInTime() async throws {
    let silent = try SilentPeer()
    #expect(try await code { _ in "amqp://127.0.0.1:\(silent.port)/?connection_timeout=0.2" } == .timedOut)
  }

  @Test func theNextEndpointIsTriedWhereOneDoesNotAnswer() async throws {
    let connection = try await connect { "amqp://127.0.0.1:1/,\($0)" }
    await connection.close()
  }

  @Test func aPublishedMessageComesBackAsItWas() async throws {
    let connection = try await connect()
    let channel = try await connection.openChannel()
    let queue = PrivateBroker.uniqueName("queue")
    try await channel.declare(QueueDeclaration(queue, isAutoDelete: true))
    let publisher = try await connection.openChannel().confirmingPublisher()
    let properties = MessageProperties(
      contentType: "application/json", contentEncoding: "utf-8",
      headers: [
        "text": "täxt", "number": 7, "flag": true, "nothing": .null, "half": .double(0.5),
        "list": .array([1, "a", .array([])]), "table": .table(["inner": "x"]),
      ], isPersistent: true, correlationID: "c", messageID: "m", timestamp: 1_700_000_000, type: "t", appID: "a")
    let outcome = await publisher.publish(
      Message(exchange: "", routingKey: queue, properties: properties, body: Array("hello".utf8)))
    guard case .confirmed = outcome else {
      Issue.record("not confirmed: \(outcome)")
      return
    }
    let consumer = try await connection.openChannel().consume(queue, prefetch: 10)
    let delivery = try #require(try await consumer.nextBatch(upTo: 10)?.first)
    #expect(delivery.body == Array("hello".utf8))
    #expect(delivery.properties == properties)
    #expect(delivery.exchange == "" && delivery.routingKey == queue && !delivery.isRedelivered)
    try await consumer.acknowledge([delivery])
    await #expect(throws: RabbitMQError.self) { try await consumer.acknowledge([delivery]) }
    await connection.close()
  }

  @Test(arguments: [0, 1, 131_063, 131_064, 131_065, 2 * 131_064, 3_000_000])
  func bodiesOfEverySizeArriveWhole(_ size: Int) async throws {
    let connection = try await connect()
    let channel = try await connection.openChannel()
    let queue = PrivateBroker.uniqueName("queue")
    try await channel.declare(QueueDeclaration(queue, isAutoDelete: true))
    let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let outcome = await (try await connection.openChannel().confirmingPublisher()).publish(
      Message(exchange: "", routingKey: queue, body: body))
    guard case .confirmed = outcome else {
      Issue.record("not confirmed: \(outcome)")
      return
    }
    let consumer = try await channel.consume(queue, prefetch: 1)
    let delivery = try #require(try await consumer.nextBatch(upTo: 1)?.first)
    #expect(delivery.body == body)
    try await consumer.acknowledge([delivery])
    await connection.close()
  }

  @Test func everyOutcomeBelongsToItsMessage() async throws {
    let connection = try await connect()
    let channel = try await connection.openChannel()
    let queue = PrivateBroker.uniqueName("queue")
    try await channel.declare(QueueDeclaration(queue, isAutoDelete: true))
    let publisher = try await connection.openChannel().confirmingPublisher()
    let messages = (0..<3_000).map { number in
      Message(
        exchange: "", routingKey: number.isMultiple(of: 7) ? "nowhere" : queue,
        properties: .init(messageID: "m\(number)"), body: [1], isMandatory: true)
    }
    let outcomes = await publisher.publish(messages)
    #expect(outcomes.count == messages.count)
    for (number, outcome) in outcomes.enumerated() {
      switch outcome {
      case .returned(let reason): #expect(number.isMultiple(of: 7) && reason == "NO_ROUTE", "\(number)")
      case .confirmed: #expect(!number.isMultiple(of: 7), "\(number)")
      default: Issue.record("\(number): \(outcome)")
      }
    }
    await connection.close()
  }

  @Test func aRefusedRequestEndsItsChannelAndNoOther() async throws {
    let connection = try await connect()
    let broken = try await connection.openChannel()
    let other = try await connection.openChannel()
    let error = await #expect(throws: RabbitMQError.self) {
      try await broken.declare(ExchangeDeclaration("exchange/nobody/v1/jobs", isPassive: true))
    }
    #expect(error?.code == .notFound)
    let again = await #expect(throws: RabbitMQError.self) {
      try await broken.declare(QueueDeclaration(PrivateBroker.uniqueName("queue"), isAutoDelete: true))
    }
    #expect(again?.code == .notFound)
    try await other.declare(QueueDeclaration(PrivateBroker.uniqueName("queue"), isExclusive: true))
    await broken.close()
    await connection.close()
    let closed = await #expect(throws: RabbitMQError.self) { try await connection.openChannel() }
    #expect(closed?.code == .closed)
  }

  @Test func aConsumerThatTheBrokerCancelsSaysSo() async throws {
    let connection = try await connect()
    let channel = try await connection.openChannel()
    let queue = PrivateBroker.uniqueName("queue")
    try await channel.declare(QueueDeclaration(queue))
    let consumer = try await connection.openChannel().consume(queue, prefetch: 1)
    let waiting = Task { try await consumer.nextBatch(upTo: 1) }
    try await channel.deleteQueue(queue)
    let error = await #expect(throws: RabbitMQError.self) { try await waiting.value }
    #expect(error?.code == .consumerCancelled)
    await connection.close()
  }

  @Test func theCancellationOfOneTaskHarmsNobodyElse() async throws {
    let connection = try await connect()
    let channel = try await connection.openChannel()
    let queue = PrivateBroker.uniqueName("queue")
    try await channel.declare(QueueDeclaration(queue, isAutoDelete: true))
    let consumer = try await connection.openChannel().consume(queue, prefetch: 5)
    let waiting = Task { try await consumer.nextBatch(upTo: 1) }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    let publisher = try await connection.openChannel().confirmingPublisher()
    _ = await publisher.publish(Message(exchange: "", routingKey: queue, body: [7]))
    let batch = try await consumer.nextBatch(upTo: 5)
    #expect(batch?.map(\.body) == [[7]])
    try await consumer.cancel()
    #expect(try await consumer.nextBatch(upTo: 5) == nil)
    await connection.close()
  }

  @Test func waitingForADeliveryEndsInTime() async throws {
    let connection = try await connect()
    let channel = try await connection.openChannel()
    let queue = PrivateBroker.uniqueName("queue")
    try await channel.declare(QueueDeclaration(queue, isAutoDelete: true))
    let consumer = try await channel.consume(queue, prefetch: 5)
    #expect(try await consumer.nextBatch(upTo: 5, waitingFor: .milliseconds(20))?.isEmpty == true)
    await connection.close()
  }

  @Test func whatWasNotAcknowledgedIsDeliveredAgain() async throws {
    let connection = try await connect()
    let channel = try await connection.openChannel()
    let queue = PrivateBroker.uniqueName("queue")
    try await channel.declare(QueueDeclaration(queue, arguments: ["x-queue-type": "quorum"]))
    let publisher = try await connection.openChannel().confirmingPublisher()
    _ = await publisher.publish((0..<10).map { Message(exchange: "", routingKey: queue, body: [$0]) })

    let first = try await connection.openChannel()
    let consumer = try await first.consume(queue, prefetch: 10)
    var deliveries: [Delivery] = []
    while deliveries.count < 10 { deliveries += try #require(try await consumer.nextBatch(upTo: 10)) }
    // 5 to 9 are settled, but 3 and 4 hold them back.
    try await consumer.acknowledge(Array(deliveries[..<3] + deliveries[5...]))
    await first.close()

    let again = try await connection.openChannel().consume(queue, prefetch: 10)
    var redelivered: [Delivery] = []
    while redelivered.count < 7 { redelivered += try #require(try await again.nextBatch(upTo: 10)) }
    #expect(redelivered.map { $0.body[0] }.sorted() == Array(3...9))
    #expect(redelivered.allSatisfy { $0.isRedelivered && $0.deliveryCount == 1 })
    try await channel.deleteQueue(queue)
    await connection.close()
  }

  @Test func aPrefetchOfZeroWouldBeNoBoundAndIsRefused() async throws {
    let connection = try await connect()
    let channel = try await connection.openChannel()
    await #expect(throws: RabbitMQError.self) { try await channel.consume("any", prefetch: 0) }
    await connection.close()
  }

  @Test func closingTwiceAndTogetherDoesNoHarm() async throws {
    let connection = try await connect()
    async let one: Void = connection.close()
    async let two: Void = connection.close()
    _ = await (one, two)
    await connection.close()
  }

  @Test func acknowledgementsAheadOfACloseArriveThoughDeliveriesKeepComing() async throws {
    let feeding = try await connect()
    let channel = try await feeding.openChannel()
    let queue = PrivateBroker.uniqueName("queue")
    try await channel.declare(QueueDeclaration(queue, isDurable: false))
    let publisher = try await feeding.openChannel().confirmingPublisher()
    let count = 10_000
    let message = Message(exchange: "", routingKey: queue, body: [UInt8](repeating: 7, count: 2_000))
    _ = await publisher.publish(Array(repeating: message, count: count))
    var acknowledged = 0
    for _ in 0..<6 {
      let connection = try await connect()
      let consumer = try await connection.openChannel().consume(queue, prefetch: 2_000)
      for _ in 0..<3 {
        let batch = try #require(try await consumer.nextBatch(upTo: 100))
        try await consumer.acknowledge(batch)
        acknowledged += batch.count
      }
      await connection.close()
    }
    let expected = count - acknowledged
    var status: QueueStatus?
    try await eventually("the end of the consumers") {
      status = try await channel.declare(QueueDeclaration(queue, isPassive: true))
      return status?.consumerCount == 0 && status?.messageCount ?? 0 >= expected
    }
    #expect(status?.messageCount == expected)
    try await channel.deleteQueue(queue)
    await feeding.close()
  }
}
