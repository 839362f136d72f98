public import Logging

/// A connection to a RabbitMQ broker that is kept up.
///
/// Every connection has a thread of its own that is the actor's executor: nothing here ever blocks a caller, and no
/// caller's slowness delays heartbeats. Open one for publishing and another for consuming, since a broker that runs
/// out of memory stops reading from connections that publish.
///
/// A connection that is lost is sought again, at each of the broker's endpoints in turn, as ``Options/recovery`` says;
/// what was declared, the channels, their consumers and what they had published unconfirmed come back with it.
public actor Connection {
  /// How a connection behaves.
  public struct Options: Sendable {
    /// What the broker's management shows for the connection.
    public var name: String
    /// How long to wait for the answer to a request, for example a declaration.
    public var requestTimeout: Duration
    /// How long to wait for the answer to a close before hanging up.
    public var closeTimeout: Duration
    /// How to seek a connection that was lost; nil ends it with the loss.
    public var recovery: RecoveryPolicy?
    /// After how long the connection is replaced by a new one, nil for never. What was published is waited for first, and
    /// what was delivered, for ``drainTimeout`` at most. Balancers and brokers in a cluster ask for it, about hourly. Queues
    /// that go with their consumers or with the connection go each time.
    public var maximumAge: Duration?
    /// How long the replacement of a connection waits for answers and acknowledgements.
    public var drainTimeout: Duration
    /// How long the broker may owe the confirm of a message, alarms aside, before the connection is given up for a new one
    /// and what was not confirmed published again. RabbitMQ forgets the confirms of what was on its way to a quorum queue that is deleted.
    public var confirmTimeout: Duration
    /// How many bytes of bodies a consumer may hold that nobody has taken. Above it the connection is not read, and the
    /// broker has to wait; what it sends else waits too. A prefetch bounds the number of messages, not their size.
    public var maximumBufferedBytes: Int

    /// Options; requests and confirms get 30 seconds by default, a close 5.
    public init(
      name: String = "drover", requestTimeout: Duration = .seconds(30), closeTimeout: Duration = .seconds(5),
      recovery: RecoveryPolicy? = RecoveryPolicy(), maximumAge: Duration? = nil, drainTimeout: Duration = .seconds(30),
      confirmTimeout: Duration = .seconds(30), maximumBufferedBytes: Int = 16 << 20
    ) {
      self.name = name
      self.requestTimeout = requestTimeout
      self.closeTimeout = closeTimeout
      self.recovery = recovery
      self.maximumAge = maximumAge
      self.drainTimeout = drainTimeout
      self.confirmTimeout = confirmTimeout
      self.maximumBufferedBytes = maximumBufferedBytes
    }
  }

  enum State {
    case opening
    case open
    /// Lost, and sought again.
    case recovering
    /// About to be replaced: nothing new is begun on it.
    case recycling(deadline: ContinuousClock.Instant)
    case closing([CheckedContinuation<Void, Never>])
    case closed(RabbitMQError)
  }

  private let executor: ConnectionExecutor
  /// The actor runs on its connection's thread.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  let url: BrokerURL
  let options: Options
  var logger: Logger
  var state = State.opening
  /// The TCP connection, while there is one.
  var link: Link?
  /// Where it leads, or led.
  var endpoint: Endpoint
  var channels: [UInt16: ChannelState] = [:]
  var topology = Topology()
  /// The time at which the thread's turn began: one look at the clock for all of it.
  var now = ContinuousClock.now
  var metrics: ConnectionMetrics
  /// The channel that had its turn to send last.
  var lastSender: UInt16 = 0
  /// Messages that were given a message-id here.
  var messageCount = MessageCount()
  private var requestCount = 0
  /// Those who wait for the connection to be in order.
  var openWaiters: [OpenWaiter] = []
  /// Why the broker takes no publications at the moment, nil where it does.
  var blockedReason: String?

  var recovery: RecoveryPlan?
  /// Whether the broker has confirmed or delivered anything since the connection was made.
  var hasWorked = false
  var recoveryTask: Task<Void, Never>?
  /// Why the connection was lost that is being recovered.
  var lossReason: RabbitMQError?
  /// Who waits for everything under way to come to its end, before the connection is replaced.
  var drainWaiter: CheckedContinuation<Void, Never>?

  /// Connects to the first of `url`'s endpoints that answers.
  ///
  /// - Throws: ``RabbitMQError``: `unreachable`, `authenticationRefused`, `accessRefused`, `notFound` (virtual host),
  ///   `timedOut` or `protocolViolation`, and those of TLS; where every endpoint failed, the last one's. A refused login ends
  ///   it at once: the endpoints of one broker know the same users. `CancellationError` where the task was cancelled.
  public static func open(_ url: BrokerURL, options: Options = .init(), logger: Logger) async throws -> Connection {
    let connection = try Connection(url: url, options: options, logger: logger)
    try connection.executor.start(driving: connection)
    try await connection.connect()
    return connection
  }

  private init(url: BrokerURL, options: Options, logger: Logger) throws(RabbitMQError) {
    self.url = url
    self.options = options
    endpoint = url.endpoints[0]
    metrics = ConnectionMetrics(connection: options.name)
    self.logger = logger
    self.logger[metadataKey: "connection"] = "\(options.name)"
    executor = try ConnectionExecutor()
  }

  deinit {
    recoveryTask?.cancel()
    executor.shutdown()
  }

  /// What the broker's memory or disk alarm says, nil while it takes publications.
  public var blocked: String? { blockedReason }

  /// Deliveries of all its channels that are neither acknowledged nor rejected.
  public var unsettledCount: Int { channels.values.reduce(0) { $0 + $1.acks.openCount } }

  /// How the connection is.
  public var status: ConnectionStatus {
    switch state {
    case .opening, .recovering: .recovering(lossReason)
    case .open, .recycling: blockedReason.map { .blocked(reason: $0) } ?? .open
    case .closing: .closed(closedError)
    case .closed(let error): .closed(error)
    }
  }

  // MARK: Sending

  func send(_ method: ClientMethod, on channel: UInt16) throws(RabbitMQError) {
    guard let link else { throw closedError }
    try link.writer.append(method, on: channel)
  }

  /// Does something with the link; one that fails is lost.
  func attempt(_ work: () throws -> Void) {
    do {
      try work()
    } catch let error as RabbitMQError {
      lose(error)
    } catch {
      lose(RabbitMQError(.connectionLost, "the connection failed", underlying: error, isRetriable: true))
    }
  }

  /// What a request on a closed connection ends with.
  var closedError: RabbitMQError {
    switch state {
    case .closed(let error): error
    case .recovering:
      lossReason ?? RabbitMQError(.connectionLost, "the connection is being recovered", isRetriable: true)
    default: RabbitMQError(.closed, "the connection is not open")
    }
  }

  func nextRequestID() -> Int {
    requestCount += 1
    return requestCount
  }

  // MARK: The thread's turn

  /// How long deliveries that nobody waits for gather in the socket: woken for each of them, this end and the broker would
  /// spend more time on waking than on messages. At 100,000 messages a second of 1.4 KB it is 70 KB.
  private static let rest = Duration.milliseconds(1)
  /// Until when the socket is not read.
  private var restsUntil: ContinuousClock.Instant?

  fileprivate func turn(isReadable: Bool) -> PollRequest {
    now = .now
    var isRested = false
    if let end = restsUntil, end <= now || !mayRest {
      restsUntil = nil
      isRested = true
    }
    var hasRead = false
    if isFull {
      link?.passOver(until: now)
    } else if let link, restsUntil == nil, isReadable || isRested || link.isMoreWaiting || link.wantsWrite {
      attempt { try read(link) }
      hasRead = link.hasRead
    }
    for channel in channels.values where channel.hasNewDeliveries {
      channel.hasNewDeliveries = false
      for consumer in channel.consumers.values { handOver(consumer) }
    }
    checkDeadlines()
    if let link {
      attempt {
        if case .open = state { fillOutput(of: link) }
        try link.keepAlive(at: now)
        try link.flush(at: now)
      }
    }
    // After a rest in which nothing came, the socket is left to wake the thread.
    if hasRead, !isFull, mayRest { restsUntil = now + Self.rest }
    metrics.flush(channels.values)
    return pollRequest
  }

  /// Whether a consumer may hold as much as it may since somebody looked last.
  var mayBeFull = false

  /// Whether a consumer holds so much that the broker has to wait. One that is being cancelled waits for what comes behind
  /// it all.
  private var isFull: Bool {
    guard mayBeFull else { return false }
    mayBeFull = channels.values.contains { channel in
      channel.consumers.values.contains {
        $0.buffer.byteCount >= options.maximumBufferedBytes && $0.end == nil && !$0.isBeingCancelled
      }
    }
    guard case .open = state else { return false }
    return mayBeFull
  }

  /// Whether nobody waits for anything that the broker may send next.
  private var mayRest: Bool {
    guard case .open = state, let link, !link.isMoreWaiting, !link.wantsWrite else { return false }
    return channels.values.allSatisfy(\.isContent)
  }

  private var pollRequest: PollRequest {
    var deadlines =
      channels.values.compactMap { $0.nextDeadline(confirmDeadline: confirmDeadline(sentAt:)) }
      + openWaiters.map(\.deadline)
    if let deadline = link?.nextDeadline { deadlines.append(deadline) }
    if let deadline = ageDeadline { deadlines.append(deadline) }
    var timeout = deadlines.min().map { max(.zero, $0 - ContinuousClock.now) }
    guard let link else { return PollRequest(timeout: timeout) }
    let canSendMore: Bool =
      if case .open = state, blockedReason == nil, link.writer.output.isEmpty {
        channels.values.contains(where: \.canSend)
      } else {
        false
      }
    let isFull = isFull
    if link.isMoreWaiting && !isFull || canSendMore { timeout = .zero }
    if isFull {
      // Without it being read, a socket that the peer has closed would wake the thread again and again.
      return PollRequest(
        descriptor: link.wantsWrite ? link.descriptor : nil, wantsRead: false, wantsWrite: link.wantsWrite,
        timeout: timeout)
    }
    if let restsUntil {
      let rest = max(.zero, restsUntil - ContinuousClock.now)
      return PollRequest(timeout: timeout.map { min($0, rest) } ?? rest)
    }
    return PollRequest(descriptor: link.descriptor, wantsWrite: link.wantsWrite, timeout: timeout)
  }

  private func checkDeadlines() {
    if let link { attempt { try link.checkDeadlines(at: now) } }
    for (number, channel) in channels { checkDeadlines(of: number, channel) }
    expireOpenWaiters()
    checkAge()
  }

  /// When the broker's alarm began.
  var blockedSince: ContinuousClock.Instant?
  /// When its last alarm ended.
  var unblockedAt: ContinuousClock.Instant?

  // MARK: Frames

  private func read(_ link: Link) throws(RabbitMQError) {
    try link.read(at: now) { (frame) throws(RabbitMQError) in
      try handle(frame, link)
      return self.link === link && !(mayBeFull && isFull)
    }
  }

  private func handle(_ frame: Frame, _ link: Link) throws(RabbitMQError) {
    guard link.isOpen else {
      try link.receive(frame)
      return
    }
    switch frame {
    case .heartbeat: break
    case .method(0, let method): try handle(method)
    case .method(let number, let method): try handle(method, on: number)
    case .header(let number, let bodySize, let properties):
      guard let channel = channels[number], channel.closeReason == nil else { break }
      if let content = try channel.assembler.header(bodySize: bodySize, properties) {
        try handle(content, on: number, channel)
      }
    case .body(let number, let fragment):
      guard let channel = channels[number], channel.closeReason == nil else { break }
      if let content = try channel.assembler.body(fragment) { try handle(content, on: number, channel) }
    case .protocolHeader:
      throw RabbitMQError(.protocolViolation, "a protocol header came in the middle of the connection")
    }
  }

  private func handle(_ method: ServerMethod) throws(RabbitMQError) {
    switch method {
    case .connectionClose(let reply):
      try send(.connectionCloseOK, on: 0)
      throw RabbitMQError(connectionClose: reply)
    case .connectionCloseOK:
      throw RabbitMQError(.closed, "the connection was closed by this end")
    case .connectionBlocked(let reason):
      blockedReason = reason
      blockedSince = blockedSince ?? now
      logger.warning("the broker takes no publications for now", metadata: ["reason": "\(reason)"])
    case .connectionUnblocked:
      endBlock()
      logger.notice("the broker takes publications again")
    default:
      throw RabbitMQError(.protocolViolation, "an unexpected method came on channel 0: \(method)")
    }
  }

  func endBlock() {
    if let blockedSince {
      metrics.record(blocked: now - blockedSince)
      unblockedAt = now
    }
    blockedReason = nil
    blockedSince = nil
  }
}

extension Connection: ExecutorDriver {
  nonisolated func pump(isReadable: Bool) -> PollRequest {
    assumeIsolated { $0.turn(isReadable: isReadable) }
  }
}
