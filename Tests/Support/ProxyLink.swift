import Glibc

/// One connection through a ``FaultProxy``: two sockets, and what is under way between them.
///
/// It belongs to the proxy's thread.
final class ProxyLink {
  /// The bytes that go one way.
  private final class Flow {
    let source: Int32
    let sink: Int32
    var pending: ArraySlice<UInt8> = []
    /// Whether the source has said that nothing follows.
    var isAtEnd = false
    /// Whether the sink has been told.
    var isEnded = false
    /// When the next chunk may go, where the pace is bounded.
    var nextChunk = ContinuousClock.now
    /// Whether a chunk waits for its time.
    var isPaced = false

    init(source: Int32, sink: Int32) { (self.source, self.sink) = (source, sink) }
  }

  /// Bytes read in one go.
  private static let bufferSize = 1 << 16
  /// How far a paced flow may fall behind and catch up: poll's milliseconds are coarser than its chunks.
  private static let pacingSlack = Duration.milliseconds(20)

  /// Whether the connection is to be reset with the next bytes that pass.
  var isToBeCut = false
  /// Whether both sockets are closed.
  private(set) var isOver = false
  private let towardsClient: Flow
  private let towardsServer: Flow
  private var counts = FaultProxy.Statistics()

  init(client: Int32, server: Int32) {
    towardsClient = Flow(source: server, sink: client)
    towardsServer = Flow(source: client, sink: server)
  }

  /// Closes both sockets with a reset.
  func reset() {
    guard !isOver else { return }
    isOver = true
    Loopback.reset(towardsClient.sink)
    Loopback.reset(towardsServer.sink)
  }

  /// What happened since the last time.
  func takeCounts() -> FaultProxy.Statistics {
    defer { counts = .init() }
    return counts
  }

  /// Moves what can be moved now.
  func forward(stalled: Set<FaultProxy.Direction>, pace: FaultProxy.Pace?) {
    if !stalled.contains(.towardsServer) { counts.bytesTowardsServer += move(towardsServer, pace) }
    if !stalled.contains(.towardsClient) { counts.bytesTowardsClient += move(towardsClient, pace) }
    guard !isOver, towardsClient.isEnded, towardsServer.isEnded else { return }
    isOver = true
    close(towardsClient.sink)
    close(towardsServer.sink)
  }

  private func move(_ flow: Flow, _ pace: FaultProxy.Pace?) -> Int {
    var moved = 0
    flow.isPaced = false
    // One direction does not keep the others waiting for longer than this.
    while !isOver, !flow.isEnded, moved < 1 << 20 {
      if let pace, waits(flow, pace) { break }
      if flow.pending.isEmpty, !flow.isAtEnd {
        guard refill(flow, upTo: pace?.chunk ?? Self.bufferSize) else { break }
      }
      let pending = flow.pending
      if pending.isEmpty {
        if flow.isAtEnd { end(flow) }
        break
      }
      let share = isToBeCut ? pending.prefix(pending.count / 2) : pending.prefix(pace?.chunk ?? pending.count)
      var code: Int32 = 0
      let sent = share.withUnsafeBytes { bytes in
        let sent = send(flow.sink, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        code = errno
        return sent
      }
      if isToBeCut {
        counts.cut += 1
        reset()
        return moved + max(sent, 0)
      }
      guard sent > 0 else {
        if code != EAGAIN, code != EINTR { reset() }
        break
      }
      flow.pending.removeFirst(sent)
      moved += sent
      if let pace { flow.nextChunk += .seconds(1) * sent / pace.bytesPerSecond }
    }
    return moved
  }

  /// Whether the flow's next chunk has to wait for its time.
  private func waits(_ flow: Flow, _ pace: FaultProxy.Pace) -> Bool {
    let now = ContinuousClock.now
    guard flow.nextChunk <= now else {
      flow.isPaced = true
      return true
    }
    flow.nextChunk = max(flow.nextChunk, now - Self.pacingSlack)
    return false
  }

  /// Reads what there is; false where there is nothing now.
  private func refill(_ flow: Flow, upTo count: Int) -> Bool {
    let source = flow.source
    var read = 0
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      read = recv(source, buffer.baseAddress, count, 0)
      code = errno
      initialized = max(read, 0)
    }
    if read > 0 {
      flow.pending = bytes[...]
      return true
    }
    if read < 0, code == EAGAIN || code == EINTR { return false }
    if flow === towardsServer, !towardsClient.isAtEnd { counts.endedByClient += 1 }
    guard read == 0 else {
      reset()
      return false
    }
    flow.isAtEnd = true
    return true
  }

  private func end(_ flow: Flow) {
    flow.isEnded = true
    shutdown(flow.sink, Int32(SHUT_WR))
  }

  // MARK: Waiting

  /// What to wake up for: nothing of a flow that is stalled, not even its end, which could not be known of either.
  func pollRequests(stalled: Set<FaultProxy.Direction>) -> [pollfd] {
    var requests: [pollfd] = []
    if !stalled.contains(.towardsServer) { requests += pollRequests(towardsServer) }
    if !stalled.contains(.towardsClient) { requests += pollRequests(towardsClient) }
    return requests
  }

  private func pollRequests(_ flow: Flow) -> [pollfd] {
    guard !flow.isEnded, !flow.isPaced else { return [] }
    return [
      flow.pending.isEmpty
        ? pollfd(fd: flow.source, events: Int16(POLLIN), revents: 0)
        : pollfd(fd: flow.sink, events: Int16(POLLOUT), revents: 0)
    ]
  }

  /// When a chunk is due that waits for its time.
  func nextTurn(stalled: Set<FaultProxy.Direction>) -> ContinuousClock.Instant? {
    [
      stalled.contains(.towardsServer) || !towardsServer.isPaced ? nil : towardsServer.nextChunk,
      stalled.contains(.towardsClient) || !towardsClient.isPaced ? nil : towardsClient.nextChunk,
    ].compactMap { $0 }.min()
  }
}
