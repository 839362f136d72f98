/// One TCP connection to a broker, from its handshake to its end; it belongs to its ``Connection``'s thread.
final class Link {
  /// Frames handled in one go before jobs of the connection get their turn again.
  private static let framesPerTurn = 4_096

  let endpoint: Endpoint
  let reader = FrameReader()
  let writer = FrameWriter()
  private let stream: any ByteStream
  private var handshake: Handshake
  private(set) var heartbeat: HeartbeatClock?
  private(set) var channelMaximum: UInt16 = 0
  /// Who waits for the handshake to be done.
  var handshakeWaiter: CheckedContinuation<Void, any Error>?
  let handshakeDeadline: ContinuousClock.Instant
  /// Set once this end has said goodbye, or will not wait for more: until when the broker may answer.
  var goodbyeDeadline: ContinuousClock.Instant?
  /// Whether bytes may lie ready of which no poll would tell.
  private(set) var isMoreWaiting = false
  /// Whether the last ``read(at:_:)`` found any.
  private(set) var hasRead = false
  /// When the handshake was done.
  private(set) var openedAt: ContinuousClock.Instant?

  init(_ stream: any ByteStream, endpoint: Endpoint, name: String) {
    self.stream = stream
    self.endpoint = endpoint
    handshake = Handshake(endpoint: endpoint, name: name)
    handshakeDeadline = .now + endpoint.connectionTimeout
  }

  var descriptor: Int32 { stream.descriptor }
  var isOpen: Bool { openedAt != nil }
  /// Whether the socket is to be watched for room.
  var wantsWrite: Bool { stream.readNeedsWritability || (!writer.output.isEmpty && !stream.writeNeedsReadability) }

  /// Hangs up; what was said last goes out first, as far as that needs no waiting.
  func close() {
    _ = try? stream.write(writer.output.pending)
    stream.close()
  }

  // MARK: Opening

  func begin() throws(RabbitMQError) { try perform(handshake.begin()) }

  /// Takes a frame of the handshake.
  func receive(_ frame: Frame) throws(RabbitMQError) { try perform(handshake.receive(frame)) }

  private func perform(_ actions: [Handshake.Action]) throws(RabbitMQError) {
    for action in actions {
      switch action {
      case .sendProtocolHeader:
        writer.appendProtocolHeader()
      case .send(let method):
        try writer.append(method, on: 0)
      case .tune(let tuning):
        writer.frameMaximum = Int(tuning.frameMaximum)
        reader.frameMaximum = Int(tuning.frameMaximum)
        channelMaximum = tuning.channelMaximum
        heartbeat = HeartbeatClock(seconds: tuning.heartbeat, now: .now)
      case .complete:
        openedAt = .now
        handshakeWaiter?.resume()
        handshakeWaiter = nil
      }
    }
  }

  // MARK: Bytes

  /// Reads what has arrived and hands over each frame, until there is nothing more, it is others' turn, or `handle` says
  /// that this is enough.
  func read(at now: ContinuousClock.Instant, _ handle: (Frame) throws(RabbitMQError) -> Bool) throws(RabbitMQError) {
    isMoreWaiting = false
    hasRead = false
    var count = 0
    while true {
      // Also those that were left when it was enough the last time.
      while let frame = try reader.next() {
        count += 1
        guard try handle(frame) else {
          isMoreWaiting = true
          return
        }
      }
      if hasRead, reader.didDrain(stream) { return }
      if count >= Self.framesPerTurn {
        isMoreWaiting = true
        return
      }
      switch try reader.fill(from: stream) {
      case .nothing: return
      case .end: throw hungUp
      case .bytes:
        hasRead = true
        heartbeat?.received(at: now)
      }
    }
  }

  /// Says that nothing was read on purpose: until then the peer may have said whatever it wanted.
  func passOver(until now: ContinuousClock.Instant) { heartbeat?.received(at: now) }

  private var hungUp: RabbitMQError {
    let when = isOpen ? "" : " during the handshake"
    return RabbitMQError(.connectionLost, "\(endpoint) hung up\(when)", isRetriable: true)
  }

  /// Writes what waits, as far as the socket takes it.
  func flush(at now: ContinuousClock.Instant) throws(RabbitMQError) {
    while !writer.output.isEmpty {
      let count = try stream.write(writer.output.pending)
      guard count > 0 else { return }
      writer.output.consume(count)
      heartbeat?.sent(at: now)
    }
  }

  // MARK: Time

  /// Puts a heartbeat into the output where one is due.
  ///
  /// - Throws: `connectionLost` where the peer has been silent for two heartbeats.
  func keepAlive(at now: ContinuousClock.Instant) throws(RabbitMQError) {
    guard let heartbeat else { return }
    if heartbeat.isPeerSilent(at: now) {
      throw RabbitMQError(
        .connectionLost, "\(endpoint) has been silent for two heartbeats of \(heartbeat.interval)", isRetriable: true)
    }
    // Where bytes wait for room, a heartbeat behind them would tell nobody anything. RabbitMQ does not count the time in
    // which it takes none because of an alarm.
    if heartbeat.mustSend(at: now), writer.output.isEmpty { writer.appendHeartbeat() }
  }

  var nextDeadline: ContinuousClock.Instant? {
    if !isOpen { return handshakeDeadline }
    let next = writer.output.isEmpty ? heartbeat?.nextDeadline : heartbeat?.silenceDeadline
    guard let goodbyeDeadline else { return next }
    return min(goodbyeDeadline, next ?? goodbyeDeadline)
  }

  /// - Throws: what took too long.
  func checkDeadlines(at now: ContinuousClock.Instant) throws(RabbitMQError) {
    if !isOpen, handshakeDeadline <= now {
      throw RabbitMQError(.timedOut, "\(endpoint) did not complete the handshake in time", isRetriable: true)
    }
    if let goodbyeDeadline, goodbyeDeadline <= now {
      throw RabbitMQError(.closed, "the connection was closed by this end, the broker did not answer")
    }
  }
}
