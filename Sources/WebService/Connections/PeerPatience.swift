/// How long the peer of a connection is waited for while it sends a request, or takes an answer.
///
/// Told what comes and goes, it says when it is enough. A peer has ``patience`` for either, and longer for much of it: a
/// second for every ``bytesPerSecond``. A request whose answer has gone out whole is of no more use; its rest is read for
/// ``lingering`` alone, so that a peer that is still sending gets to read the answer. As long has one to close after the
/// last answer of a connection.
struct PeerPatience {
  /// What is to be done about a peer.
  enum Verdict: Equatable {
    case nothing
    /// To look again at that time.
    case wait(until: ContinuousClock.Instant)
    /// To answer that the request has not come in time, and to close.
    case giveUpRequest
    /// To close.
    case close
  }

  /// Something that is under way.
  private struct Transfer {
    let start: ContinuousClock.Instant
    var bytes = 0
  }

  /// How long a peer may take in any case.
  let patience: Duration
  /// What it has to move besides: some slow lines do.
  let bytesPerSecond = 65_536
  /// How long a connection is kept for a peer that has been told that it ends.
  static let lingering = Duration.seconds(5)

  /// Whether the request that came last is the connection's last one.
  var closesAfterAnswer = false

  private var receiving: Transfer?
  private var sending: Transfer?
  private var answeredTime: ContinuousClock.Instant?
  /// Requests that have begun to come, less answers that have been written.
  private var openExchanges = 0
  private var isAnswering = false

  init(patience: Duration) { self.patience = patience }

  /// Whether an answer of the connection's own would not get in the way of another one.
  var mayAnswer: Bool { openExchanges <= 1 && !isAnswering }

  /// Whether no request has come that is not answered.
  var isResting: Bool { openExchanges == 0 && receiving == nil }

  /// Whether the answer that is being written is the connection's last one.
  var isLastAnswer: Bool { closesAfterAnswer && openExchanges == 1 }

  /// Whether there is anything to wait for.
  var isWaiting: Bool { receiving != nil || sending != nil || answeredTime != nil }

  // MARK: What comes

  mutating func requestBegan(at now: ContinuousClock.Instant) {
    receiving = Transfer(start: now)
    answeredTime = nil
    openExchanges += 1
  }

  mutating func received(bytes: Int) { receiving?.bytes += bytes }

  mutating func requestEnded() {
    receiving = nil
    if !closesAfterAnswer { answeredTime = nil }
  }

  // MARK: What goes

  mutating func answerBegan() { isAnswering = true }

  mutating func wrote(bytes: Int, at now: ContinuousClock.Instant) {
    if sending == nil { sending = Transfer(start: now) }
    sending?.bytes += bytes
  }

  mutating func answerEnded(at now: ContinuousClock.Instant) {
    isAnswering = false
    openExchanges -= 1
    if openExchanges == 0, receiving != nil || closesAfterAnswer { answeredTime = now }
  }

  /// Everything that was written is on its way.
  mutating func sentEverything() { sending = nil }

  // MARK: Enough

  private func end(of transfer: Transfer) -> ContinuousClock.Instant {
    transfer.start + patience + .milliseconds(transfer.bytes / (bytesPerSecond / 1000))
  }

  func verdict(at now: ContinuousClock.Instant) -> Verdict {
    var next: ContinuousClock.Instant?
    if let sending {
      let end = end(of: sending)
      if now >= end { return .close }
      next = end
    }
    if let answeredTime {
      let end = answeredTime + Self.lingering
      if now >= end { return .close }
      next = min(next ?? end, end)
    } else if let receiving {
      let end = end(of: receiving)
      if now >= end { return mayAnswer ? .giveUpRequest : .close }
      next = min(next ?? end, end)
    }
    return next.map { .wait(until: $0) } ?? .nothing
  }
}
