/// What a connection knows of one of its channels.
struct ChannelState {
  /// A request that waits for its answer. A channel answers in the order of the requests.
  struct PendingRequest {
    let continuation: CheckedContinuation<ServerMethod, any Error>
    let deadline: ContinuousClock.Instant
    /// What was asked, for the error.
    let description: String
  }

  /// Set once the channel is closed: what every later call on it ends with.
  var closeReason: RabbitMQError?
  var requests: [PendingRequest] = []
  var assembler = ContentAssembler()

  // MARK: Publishing

  var isConfirming = false
  /// What is to be sent; oldest at `outboxHead`.
  private var outbox: [Publication] = []
  private var outboxHead = 0
  var confirms = ConfirmTracker<Publication>()
  /// Publishers that wait for room.
  var roomWaiters: [CheckedContinuation<Void, Never>] = []
  /// The batches that wait for answers, oldest first.
  var batches: [PublishBatch] = []

  // MARK: Consuming

  var acks = AckLedger()
  var consumers: [String: ConsumerState] = [:]

  /// Messages sent and not answered above which sending waits: enough to keep a broker busy while its answers travel.
  static let confirmWindow = 2_048
  /// Messages that wait to be sent above which publishers wait.
  static let outboxCapacity = 4_096

  /// Messages that are neither sent nor answered.
  var outboxCount: Int { outbox.count - outboxHead }

  /// Whether a message waits that may be sent as soon as the socket takes it.
  var hasSendableOutbox: Bool { outboxCount > 0 && confirms.count < Self.confirmWindow }

  mutating func appendToOutbox(_ publications: [Publication]) {
    outbox.append(contentsOf: publications)
  }

  mutating func takeFromOutbox() -> Publication? {
    guard outboxHead < outbox.count else { return nil }
    let publication = outbox[outboxHead]
    outboxHead += 1
    if outboxHead > 256, outboxHead * 2 > outbox.count {
      outbox.removeFirst(outboxHead)
      outboxHead = 0
    }
    return publication
  }

  var nextDeadline: ContinuousClock.Instant? {
    [requests.first?.deadline, batches.first?.deadline, consumers.values.compactMap { $0.waiter?.deadline }.min()]
      .compactMap { $0 }.min()
  }
}
