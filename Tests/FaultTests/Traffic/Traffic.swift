import Logging
import RabbitMQ
import Support
import Synchronization

/// A publisher and a consumer at work, each behind a network that can be made to fail.
///
/// The exchange has a second queue, the audit's, which nothing but the broker's own faults touches: it is read over
/// connections of its own while nothing is wrong. Whatever was confirmed has to be in it.
final class Traffic: Sendable {
  let broker: FaultableBroker
  let options: TrafficOptions
  let publisherProxy: FaultProxy
  let consumerProxy: FaultProxy
  let publishing: PublishingSide
  let ledger = SharedLedger()
  let log = CollectedLog()
  /// The queue that is consumed.
  let queue: QueueDeclaration
  private let messages: NumberedMessage
  private let auditQueue: QueueDeclaration
  private let consuming: ConsumingSide
  private let tasks = Mutex<[Task<Void, Never>]>([])
  private let failure = Mutex<String?>(nil)
  private let isPublished = Mutex(false)

  /// Both networks.
  var proxies: [FaultProxy] { [publisherProxy, consumerProxy] }

  /// Runs `body` beside traffic on `broker`, and takes everything away afterwards.
  static func run(
    on broker: FaultableBroker, _ options: TrafficOptions, _ body: (Traffic) async throws -> Void
  ) async throws {
    try await broker.heal()
    let traffic = try Traffic(broker, options)
    do {
      try await traffic.prepare()
      try await body(traffic)
    } catch {
      let report = "\(error)\n\(traffic.report)"
      await traffic.tearDown(heals: true)
      throw TrafficFailure(description: report)
    }
    await traffic.tearDown(heals: false)
  }

  private init(_ broker: FaultableBroker, _ options: TrafficOptions) throws {
    (self.broker, self.options) = (broker, options)
    let run = PrivateBroker.uniqueName("faults")
    messages = NumberedMessage(run: run, exchange: run, bodySize: options.bodySize)
    queue = QueueDeclaration("\(run)-work", arguments: ["x-queue-type": .string(options.queueType.rawValue)])
    auditQueue = QueueDeclaration("\(run)-audit")
    publisherProxy = try FaultProxy(to: broker.port)
    consumerProxy = try FaultProxy(to: broker.port)
    publishing = PublishingSide(
      url: try BrokerURL(broker.url(through: publisherProxy, heartbeat: options.heartbeat)), messages: messages,
      options: options, ledger: ledger, logger: log.logger)
    consuming = ConsumingSide(
      url: try BrokerURL(broker.url(through: consumerProxy, heartbeat: options.heartbeat)), messages: messages,
      queue: queue, recovery: options.recovery, ledger: ledger, logger: log.logger)
  }

  /// One line of where things are.
  var progress: String {
    let ledger = ledger.withLock { $0 }
    return """
      \(ledger.count) published, \(ledger.confirmedCount) confirmed, \(ledger.receivedCount) received, \
      \(ledger.giveUps.count) given up
      """
  }

  /// Everything that may say why a run could not go on.
  private var report: String {
    let ledger = ledger.withLock { $0 }
    return """
      \(progress), \(ledger.unconfirmedCount) unconfirmed, \(ledger.auditedCount) audited
      given up: \(ledger.giveUps.prefix(3))
      the publisher's network: \(publisherProxy.statistics)
      the consumer's network: \(consumerProxy.statistics)
      the client's log:
      \(log.text)
      """
  }

  // MARK: Traffic

  /// Lets the consumer begin.
  func startConsuming() { start("consumer") { try await self.consuming.run() } }

  /// Lets the publisher begin.
  func startPublishing() {
    start("publisher") {
      try await self.publishing.run()
      self.isPublished.withLock { $0 = true }
    }
  }

  /// Lets both begin and waits until messages arrive.
  func start() async throws {
    startConsuming()
    startPublishing()
    try await waitForProgress(from: 1_000)
  }

  /// Waits until a message with this number or a higher one is confirmed, and one is received.
  func waitForProgress(from mark: Int, within limit: Duration = .seconds(60)) async throws {
    try await wait("progress beyond message \(mark)", within: limit) {
      $0.latestConfirmed >= mark && $0.latestReceived >= mark
    }
  }

  /// Waits until the ledger says so; an end of either side ends the wait.
  func wait(
    _ what: String, within limit: Duration = .seconds(60), _ condition: @Sendable (borrowing Ledger) -> Bool
  ) async throws {
    try await eventually(what, within: limit) {
      if let reason = failure.withLock({ $0 }) { throw TrafficFailure(description: reason) }
      return ledger.withLock { condition($0) }
    }
  }

  /// Makes no new messages and waits until everything is confirmed.
  func finishPublishing() async throws {
    publishing.finish()
    try await wait("the last confirmation", within: .seconds(180)) { _ in self.isPublished.withLock { $0 } }
  }

  /// Ends the traffic and returns the account of it.
  func finish() async throws {
    try await finishPublishing()
    try await wait("the last deliveries", within: .seconds(120)) { $0.outstandingCount == 0 }
    await consuming.close()
    try await audit()
  }

  /// Reads the audit's queue until nothing is left of what was in it at the beginning.
  func audit() async throws {
    let link = try await TrafficLink.open(BrokerURL(broker.url), name: "audit", logger: log.logger) { connection in
      try await connection.openChannel()
    }
    let goal = try await link.use.declare(auditQueue).messageCount
    let consumer = try await link.connection.openChannel().consume(auditQueue.name, prefetch: 2_000)
    var count = 0
    while count < goal {
      guard let batch = try await consumer.nextBatch(upTo: 2_000, waitingFor: .seconds(30)), !batch.isEmpty else {
        throw TrafficFailure(description: "the audit's queue gave \(count) of \(goal) messages")
      }
      count += batch.count
      let checked = batch.map(messages.check)
      ledger.withLock { ledger in
        for result in checked { ledger.audit(result) }
      }
      try await consumer.acknowledge(batch)
    }
    await link.connection.close()
  }

  private func start(_ name: String, _ body: @escaping @Sendable () async throws -> Void) {
    let task = Task {
      do {
        try await body()
      } catch {
        failure.withLock { $0 = $0 ?? "the \(name) ended: \(error)" }
      }
    }
    tasks.withLock { $0.append(task) }
  }

  // MARK: Beginning and end

  /// Makes what the audit needs, ahead of the first message.
  private func prepare() async throws {
    let link = try await TrafficLink.open(BrokerURL(broker.url), name: "preparation", logger: log.logger) {
      connection in
      try await connection.openChannel()
    }
    try await link.use.declare(ExchangeDeclaration(messages.exchange))
    for queue in [queue, auditQueue] {
      try await link.use.declare(queue)
      try await link.use.bind(Binding(queue: queue.name, exchange: messages.exchange, routingKey: "#"))
    }
    await link.connection.close()
  }

  private func tearDown(heals: Bool) async {
    for proxy in proxies { proxy.resume() }
    await publishing.close()
    await consuming.close()
    let tasks = tasks.withLock { $0 }
    for task in tasks { task.cancel() }
    for task in tasks { await task.value }
    for proxy in proxies { proxy.stop() }
    // What cannot be taken away bears names that no other test uses.
    if heals { try? await broker.heal() }
    for name in [queue.name, auditQueue.name] { try? await broker.deleteQueue(name) }
  }
}
