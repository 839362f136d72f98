public import Logging
public import RabbitMQ
public import ServiceLifecycle
import Synchronization

/// Hears the exchanges of a configuration through one durable queue, and hands every message on.
///
/// Messages are acknowledged after the handler has returned for them, never before: what it throws for stays in the
/// queue. Listeners on one queue share its messages.
public struct Listener: Service {
  /// The kind of a queue.
  public enum QueueType: String, Sendable, CaseIterable {
    case quorum, classic
  }

  /// How a listener behaves.
  public struct Configuration: Sendable {
    /// The broker, and the user whose queue it is.
    public var broker: BrokerURL
    /// What is listened to.
    public var exchanges: ExchangeList
    /// The queue's name under `queue/<user>/`, or its full name.
    public var queue = "jobs"
    /// The queue's type; a quorum queue survives the loss of a node and counts deliveries.
    public var queueType = QueueType.quorum
    /// Messages that may be out unacknowledged, which bounds the memory they take: enough for the broker to send while a
    /// batch is stored.
    public var prefetch = 2_000
    /// Whether the queue goes with its last listener: for a developer's own machine. Such a queue is a classic one.
    public var isAutoDelete = false
    /// Whether bindings that the configuration no longer has are removed.
    public var prunes = true
    /// Who is asked what the queue is bound to, when pruning; without, or where it cannot tell, the record of the bindings
    /// that were made counts.
    public var inspector: (any QueueInspector)?
    /// After how long the connection is replaced by a new one, nil for never; Pulse asks for about an hour.
    public var maximumConnectionAge: Duration? = .seconds(3_600)
    /// How often the queue's length is looked at.
    public var depthInterval = Duration.seconds(30)
    /// Whether to end once the queue has been empty for a moment and everything is handled.
    public var endsWhenEmpty = false

    /// A configuration with the defaults.
    public init(broker: BrokerURL, exchanges: ExchangeList) {
      self.broker = broker
      self.exchanges = exchanges
    }
  }

  /// Handles messages in two steps, so that one batch is read while the one before is stored: what it returns stores what
  /// it has read. When that has returned, the messages are acknowledged. Batches come in the queue's order, and both steps
  /// are taken by one batch at a time.
  public typealias Handler = @Sendable ([Delivery]) async throws -> @Sendable () async throws -> Void

  /// Messages handed over at once at most: enough to spread the cost of a commit, and few enough that the broker has others
  /// to send meanwhile.
  private var batchSize: Int { min(500, max(1, configuration.prefetch / 4)) }
  /// Bytes handed over at once at most, but for the last message: three times as much may be in hand, read and parsed.
  private static let batchBytes = 1 << 20
  /// Bytes that wait for being handed over at most, but for the last message: more than a broker sends while a batch of
  /// usual messages is read.
  private static let bufferBytes = 4 << 20
  /// How long a message waits for others to share a commit and an acknowledgement with: each costs the broker's disk a
  /// write, and nobody sees five milliseconds.
  private static let linger = Duration.milliseconds(5)
  /// How long a queue has to give nothing, before and after the broker says that it is empty, to count as that.
  private static let emptyFor = Duration.milliseconds(100)

  private let configuration: Configuration
  private let ledger: any BindingLedger
  private let logger: Logger
  private let handler: Handler
  private let current = CurrentConnection()

  /// Whether there is a connection to the broker at the moment.
  public var isConnected: Bool {
    get async {
      guard let connection = current.connection.withLock({ $0 }) else { return false }
      switch await connection.status {
      case .open, .blocked: return true
      case .recovering, .closed: return false
      }
    }
  }

  /// A listener that hands messages to `handler`.
  public init(
    _ configuration: Configuration, ledger: any BindingLedger, logger: Logger, handler: @escaping Handler
  ) {
    self.configuration = configuration
    self.ledger = ledger
    self.logger = logger
    self.handler = handler
  }

  /// Listens until asked to shut down gracefully: then it takes no more messages, and finishes those at hand.
  ///
  /// - Throws: `RabbitMQError`, ``PulseError``, and whatever the handler throws.
  public func run() async throws {
    let user = try PulseUser(configuration.broker.user)
    let queue = try user.queue(configuration.queue)
    let connection = try await Connection.open(
      configuration.broker,
      options: .init(
        name: "drover listen", maximumAge: configuration.maximumConnectionAge, maximumBufferedBytes: Self.bufferBytes),
      logger: logger)
    current.connection.withLock { $0 = connection }
    do {
      try await listen(to: queue, of: user, on: connection)
      await connection.close()
    } catch {
      await connection.close()
      throw error
    }
  }

  private func listen(to queue: String, of user: PulseUser, on connection: Connection) async throws {
    let topology = ListenerTopology(configuration: configuration, user: user, queue: queue)
    let bindings = try await topology.establish(on: connection, ledger: ledger, logger: logger)
    logger.info("listening", metadata: ["queue": "\(queue)", "bindings": "\(bindings)"])
    let depth = QueueDepth(
      queue: queue, connection: connection, inspector: configuration.inspector, logger: logger)
    let watching = Task { await depth.watch(every: configuration.depthInterval) }
    defer { watching.cancel() }
    while try await consume(queue, on: connection, topology) == .again {}
  }

  private enum End { case done, again }

  private func consume(
    _ queue: String, on connection: Connection, _ topology: ListenerTopology
  ) async throws -> End {
    let channel = try await connection.openChannel()
    do {
      let consumer = try await channel.consume(queue, prefetch: configuration.prefetch)
      try await withGracefulShutdownHandler {
        try await consume(consumer, isEmpty: { try await topology.isQueueEmpty(on: connection) })
      } onGracefulShutdown: {
        Task {
          // A connection that has ended by now has ended the consumer already.
          try? await consumer.cancel()
        }
      }
      return .done
    } catch let error as RabbitMQError where error.code == .acknowledgementTimedOut {
      // What was in hand is stored, or will be when it is delivered again.
      logger.warning("the broker would not wait for the handler any longer", metadata: ["reason": "\(error)"])
      await channel.close()
      return .again
    }
  }

  private func consume(_ consumer: Consumer, isEmpty: () async throws -> Bool) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      // What is in hand is finished, whatever ends the reading.
      do {
        try await read(consumer, isEmpty: isEmpty, storingIn: &group)
      } catch {
        while let result = await group.nextResult() { _ = result }
        throw error
      }
      try await group.waitForAll()
    }
  }

  private func read(
    _ consumer: Consumer, isEmpty: () async throws -> Bool,
    storingIn group: inout ThrowingTaskGroup<Void, any Error>
  ) async throws {
    while var batch = try await consumer.nextBatch(
      upTo: batchSize, bytes: Self.batchBytes, waitingFor: configuration.endsWhenEmpty ? Self.emptyFor : nil,
      lingeringFor: Self.linger)
    {
      if batch.isEmpty {
        try await group.next()
        guard try await isEmpty() else { continue }
        // The broker counts what it has delivered no longer: the last messages may be on their way.
        batch = try await consumer.nextBatch(upTo: batchSize, bytes: Self.batchBytes, waitingFor: Self.emptyFor) ?? []
        if batch.isEmpty { return }
      }
      let store = try await handler(batch)
      try await group.next()
      group.addTask { [batch] in
        try await store()
        try await consumer.acknowledge(batch)
      }
    }
  }
}

/// What a listener's copies share.
private final class CurrentConnection: Sendable {
  let connection = Mutex<Connection?>(nil)
}
