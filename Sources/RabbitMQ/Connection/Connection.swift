import Logging

/// A connection to a RabbitMQ broker.
///
/// Every connection has a thread of its own that is the actor's executor: nothing here ever blocks a caller, and no
/// caller's slowness delays heartbeats. Open one for publishing and another for consuming, since a broker that runs
/// out of memory stops reading from connections that publish.
public actor Connection {
  /// How a connection behaves.
  public struct Options: Sendable {
    /// What the broker's management shows for the connection.
    public var name: String
    /// How long to wait for the answer to a request, for example a declaration.
    public var requestTimeout: Duration
    /// How long to wait for the answer to a close before hanging up.
    public var closeTimeout: Duration
    /// How long the broker may take nothing in the middle of a frame before the connection is given up. RabbitMQ stops
    /// reading from connections that publish while its memory or disk alarm lasts.
    public var writeTimeout: Duration

    /// Options; requests and writes get 30 seconds by default, a close 5.
    public init(
      name: String = "drover", requestTimeout: Duration = .seconds(30), closeTimeout: Duration = .seconds(5),
      writeTimeout: Duration = .seconds(30)
    ) {
      self.name = name
      self.requestTimeout = requestTimeout
      self.closeTimeout = closeTimeout
      self.writeTimeout = writeTimeout
    }
  }

  enum State {
    case connecting(CheckedContinuation<Void, any Error>?, deadline: ContinuousClock.Instant)
    case open
    case closing([CheckedContinuation<Void, Never>], deadline: ContinuousClock.Instant)
    case closed(RabbitMQError)
  }

  /// Frames handled in one go before jobs of the actor get their turn again.
  private static let framesPerTurn = 4_096

  private let executor: ConnectionExecutor
  /// The actor runs on its connection's thread.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  let endpoint: Endpoint
  let options: Options
  var logger: Logger
  var state: State
  var transport: Transport?
  private var handshake: Handshake
  private var heartbeat: HeartbeatClock?
  /// Whether a heartbeat is due that the socket has no room for.
  private var isHeartbeatHeldBack = false
  var channelMaximum: UInt16 = 0
  var channels: [UInt16: ChannelState] = [:]
  /// Messages that were given a message-id here.
  var messageCount = MessageCount()
  /// Whether librabbitmq may hold frames that were read off the socket already: no poll tells of those.
  private var isMoreWaiting = false
  /// Why the broker takes no publications at the moment, nil where it does.
  var blockedReason: String?

  /// Connects to the first of `url`'s endpoints that answers.
  ///
  /// - Throws: ``RabbitMQError``: `unreachable`, `authenticationRefused`, `accessRefused`, `notFound` (virtual host),
  ///   `timedOut` or `protocolViolation`; where every endpoint failed, the last one's. A refused login ends it at once:
  ///   the endpoints of one broker know the same users.
  public static func open(_ url: BrokerURL, options: Options = .init(), logger: Logger) async throws -> Connection {
    var failure: any Error = RabbitMQError(.invalidURL, "broker URL: it names no endpoint")
    for endpoint in url.endpoints {
      do {
        return try await open(endpoint, options: options, logger: logger)
      } catch let error as RabbitMQError where error.code == .authenticationRefused {
        throw error
      } catch {
        logger.debug("endpoint not usable", metadata: ["endpoint": "\(endpoint)", "reason": "\(error)"])
        failure = error
      }
    }
    throw failure
  }

  /// Connects to `endpoint`.
  public static func open(
    _ endpoint: Endpoint, options: Options = .init(), logger: Logger
  ) async throws -> Connection {
    let connection = try Connection(endpoint: endpoint, options: options, logger: logger)
    try connection.executor.start(driving: connection)
    try await connection.connect()
    return connection
  }

  private init(endpoint: Endpoint, options: Options, logger: Logger) throws(RabbitMQError) {
    self.endpoint = endpoint
    self.options = options
    self.logger = logger
    self.logger[metadataKey: "connection"] = "\(options.name)"
    executor = try ConnectionExecutor()
    handshake = Handshake(endpoint: endpoint, name: options.name)
    state = .connecting(nil, deadline: .now + endpoint.connectionTimeout)
  }

  deinit {
    executor.shutdown()
  }

  /// What the broker's memory or disk alarm says, nil while it takes publications.
  public var blocked: String? { blockedReason }

  /// Closes the connection in order: the broker is told, and its answer awaited for ``Options/closeTimeout`` at most.
  /// What is not confirmed or acknowledged by then stays so. Closing twice does no harm.
  public func close() async {
    switch state {
    case .closed: return
    case .connecting:
      fail(RabbitMQError(.closed, "closed while connecting"))
      return
    case .open, .closing: break
    }
    await withCheckedContinuation { continuation in
      if case .closing(let waiting, let deadline) = state {
        state = .closing(waiting + [continuation], deadline: deadline)
        return
      }
      state = .closing([continuation], deadline: .now + options.closeTimeout)
      failChannels(RabbitMQError(.closed, "the connection was closed by this end"))
      attempt { try send(.connectionClose(ReplyText(code: 200, text: "goodbye")), on: 0) }
    }
  }

  // MARK: Opening

  private func connect() async throws {
    guard !endpoint.usesTLS else {
      throw RabbitMQError(.invalidURL, "\(endpoint): TLS (amqps://) is not supported by this version")
    }
    let transport = try Transport()
    // Waits on this connection's own thread, which has nothing else to do yet.
    do {
      try transport.connect(to: endpoint, timeout: endpoint.connectionTimeout, writeTimeout: options.writeTimeout)
    } catch {
      fail(error)
      throw error
    }
    self.transport = transport
    try await withCheckedThrowingContinuation { continuation in
      state = .connecting(continuation, deadline: .now + endpoint.connectionTimeout)
      attempt { try perform(handshake.begin()) }
    }
    logger.debug("connected", metadata: ["endpoint": "\(endpoint)"])
  }

  private func perform(_ actions: [Handshake.Action]) throws(RabbitMQError) {
    for action in actions {
      switch action {
      case .sendProtocolHeader:
        try transport?.sendProtocolHeader()
      case .send(let method):
        try send(method, on: 0)
      case .tune(let tuning):
        try transport?.tune(channelMaximum: tuning.channelMaximum, frameMaximum: tuning.frameMaximum)
        channelMaximum = tuning.channelMaximum
        heartbeat = HeartbeatClock(seconds: tuning.heartbeat, now: .now)
      case .complete:
        guard case .connecting(let continuation, _) = state else { return }
        state = .open
        continuation?.resume()
      }
    }
  }

  // MARK: Sending

  /// Whatever was written counts as a sign of life.
  func noteSent() {
    heartbeat?.sent(at: .now)
  }

  func send(_ method: ClientMethod, on channel: UInt16) throws(RabbitMQError) {
    guard let transport else { throw closedError }
    try transport.send(method, on: channel)
    noteSent()
  }

  /// Does something with the transport; a connection whose transport fails is at its end.
  func attempt(_ work: () throws -> Void) {
    do {
      try work()
    } catch let error as RabbitMQError {
      fail(error)
    } catch {
      fail(RabbitMQError(.connectionLost, "the connection failed", underlying: error, isRetriable: true))
    }
  }

  /// What a request on a closed connection ends with.
  var closedError: RabbitMQError {
    if case .closed(let error) = state { error } else { RabbitMQError(.closed, "the connection is not open") }
  }

  // MARK: The thread's turn

  fileprivate func turn(isReadable: Bool) -> PollRequest {
    if isReadable || isMoreWaiting { attempt { isMoreWaiting = try readFrames() } }
    if case .open = state {
      for number in channels.keys { attempt { try sendOutbox(of: number) } }
    }
    attempt { try keepAlive() }
    checkDeadlines()
    guard let transport else { return PollRequest() }
    let now = ContinuousClock.now
    let wantsWrite =
      isHeartbeatHeldBack || blockedReason == nil && channels.values.contains { $0.hasSendableOutbox }
    return PollRequest(
      descriptor: transport.fileDescriptor, wantsWrite: wantsWrite,
      timeout: isMoreWaiting ? .zero : nextDeadline.map { max(.zero, $0 - now) })
  }

  /// Reads what has arrived; true where there may be more.
  private func readFrames() throws(RabbitMQError) -> Bool {
    for _ in 0..<Self.framesPerTurn {
      guard let frame = try transport?.nextFrame() else { return false }
      heartbeat?.received(at: .now)
      try handle(frame)
    }
    return true
  }

  private func handle(_ frame: Frame) throws(RabbitMQError) {
    switch (state, frame) {
    case (.connecting, _):
      try perform(handshake.receive(frame))
      transport?.releaseBuffers(of: 0)
    case (_, .heartbeat):
      transport?.releaseBuffers(of: 0)
    case (_, .method(0, let method)):
      try handle(method)
      transport?.releaseBuffers(of: 0)
    case (_, .method(let number, let method)):
      try handle(method, on: number)
    case (_, .header(let number, let bodySize, let properties)):
      if let content = try channels[number]?.assembler.header(bodySize: bodySize, properties) {
        try handle(content, on: number)
      }
    case (_, .body(let number, let fragment)):
      if let content = try channels[number]?.assembler.body(fragment) { try handle(content, on: number) }
    case (_, .protocolHeader):
      throw RabbitMQError(.protocolViolation, "a protocol header came in the middle of the connection")
    }
  }

  private func handle(_ method: ServerMethod) throws(RabbitMQError) {
    switch method {
    case .connectionClose(let reply):
      try send(.connectionCloseOK, on: 0)
      throw RabbitMQError(connectionClose: reply)
    case .connectionCloseOK:
      fail(RabbitMQError(.closed, "the connection was closed by this end"))
    case .connectionBlocked(let reason):
      blockedReason = reason
      logger.warning("the broker takes no publications for now", metadata: ["reason": "\(reason)"])
    case .connectionUnblocked:
      blockedReason = nil
      logger.notice("the broker takes publications again")
    default:
      throw RabbitMQError(.protocolViolation, "an unexpected method came on channel 0: \(method)")
    }
  }

  private func keepAlive() throws(RabbitMQError) {
    guard let transport, let heartbeat else { return }
    let now = ContinuousClock.now
    if heartbeat.isPeerSilent(at: now) {
      throw RabbitMQError(
        .connectionLost, "\(endpoint) has been silent for two heartbeats of \(heartbeat.interval)", isRetriable: true)
    }
    isHeartbeatHeldBack = false
    guard heartbeat.mustSend(at: now) else { return }
    // Writing into a full socket would block this thread; the peer is known to live as long as it sends.
    guard transport.isWritable else {
      isHeartbeatHeldBack = true
      return
    }
    try transport.sendHeartbeat()
    self.heartbeat?.sent(at: now)
  }

  private var nextDeadline: ContinuousClock.Instant? {
    var deadlines = channels.values.compactMap(\.nextDeadline)
    switch state {
    case .connecting(_, let deadline), .closing(_, let deadline): deadlines.append(deadline)
    case .open, .closed: break
    }
    if let heartbeat { deadlines.append(isHeartbeatHeldBack ? heartbeat.silenceDeadline : heartbeat.nextDeadline) }
    return deadlines.min()
  }

  private func checkDeadlines() {
    let now = ContinuousClock.now
    switch state {
    case .connecting(_, let deadline) where deadline <= now:
      fail(RabbitMQError(.timedOut, "\(endpoint) did not complete the handshake in time", isRetriable: true))
    case .closing(_, let deadline) where deadline <= now:
      fail(RabbitMQError(.closed, "the connection was closed by this end, the broker did not answer"))
    default:
      for number in channels.keys { checkDeadlines(of: number, at: now) }
    }
  }

  // MARK: The end

  /// Ends the connection: tells everybody who waits on it, and closes the socket.
  func fail(_ error: RabbitMQError) {
    let previous = state
    if case .closed = previous { return }
    state = .closed(error)
    transport = nil
    heartbeat = nil
    failChannels(error)
    channels = [:]
    switch previous {
    case .connecting(let continuation, _):
      continuation?.resume(throwing: error)
    case .closing(let waiting, _):
      for continuation in waiting { continuation.resume() }
    case .open:
      // Whoever waits on the connection is told, and reports it in their own words.
      logger.info("connection ended", metadata: ["reason": "\(error)"])
    case .closed: break
    }
  }

  private func failChannels(_ error: RabbitMQError) {
    for number in channels.keys { endChannel(number, error) }
  }
}

extension Connection: ExecutorDriver {
  nonisolated func pump(isReadable: Bool) -> PollRequest {
    assumeIsolated { $0.turn(isReadable: isReadable) }
  }
}
