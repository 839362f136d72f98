/// What a connection knows of one of its channels; it belongs to the connection's thread.
final class ChannelState {
  /// Set once the channel is closed: what every later call on it ends with.
  var closeReason: RabbitMQError?
  /// Whether it was ever open, and so is opened again on the next connection.
  var isEstablished = false
  /// Whether it is for the present connection only.
  let isTransient: Bool
  /// Whether the broker was asked to open it on the present connection: it ends one on which another channel is used.
  var isAnnounced = false
  /// Whether this end closed it and the broker has not answered yet: what still comes under the number belongs to it.
  var awaitsCloseOK = false
  /// Whether its owner has let go of it.
  var isReleased = false
  /// Which opening of a channel this is: delivery tags mean nothing across them, nor across channels of the same number.
  private(set) var generation: Int
  /// Requests without an answer, oldest first.
  var requests: [PendingRequest] = []
  /// Takes back what a cancelled task has asked for.
  var givingUp: Task<Void, Never>?
  var assembler = ContentAssembler()

  init(isTransient: Bool = false, generation: Int) {
    self.isTransient = isTransient
    self.generation = generation
  }

  // MARK: Publishing

  var isConfirming = false
  var outbox = Outbox()
  var confirms = ConfirmTracker<Publication>()
  /// Publishers that wait for room.
  var roomWaiters: [RoomWaiter] = []
  /// No message waits longer than this; the true deadline may be later.
  var publishDeadline: ContinuousClock.Instant?

  // MARK: Consuming

  var acks = AckLedger()
  var consumers: [String: ConsumerState] = [:]
  /// Whether deliveries came since the consumers' callers were last given what there is.
  var hasNewDeliveries = false

  /// Messages sent and not answered above which sending waits: enough to keep a broker busy while its answers travel.
  static let confirmWindow = 2_048

  /// A publisher that waits for room in the outbox.
  struct RoomWaiter {
    let continuation: CheckedContinuation<Void, Never>
    let batch: PublishBatch
  }

  /// Whether a message waits that may be sent.
  var canSend: Bool { !outbox.isEmpty && confirms.count < Self.confirmWindow }

  /// Whether everything that was sent is answered, and everything that was delivered settled.
  var isDrained: Bool { confirms.count == 0 && acks.openCount == 0 && requests.isEmpty }

  /// Whether nobody waits for an answer, a confirm or a delivery on it.
  var isContent: Bool { requests.isEmpty && confirms.count == 0 && consumers.values.allSatisfy(\.isContent) }

  func append(_ publication: Publication) {
    watch(publication.batch.deadline)
    outbox.append(publication)
  }

  /// Notes when a publisher wants to wait no longer.
  func watch(_ deadline: ContinuousClock.Instant) {
    publishDeadline = min(publishDeadline ?? deadline, deadline)
  }

  func releaseRoomWaiters() {
    guard !roomWaiters.isEmpty else { return }
    let waiters = roomWaiters
    roomWaiters = []
    for waiter in waiters { waiter.continuation.resume() }
  }

  /// The connection under it is lost: requests end, deliveries are the broker's again, and messages that are not answered
  /// for wait to be sent once more. Returns how many those are.
  func suspend(_ error: RabbitMQError, nextGeneration: Int) -> Int {
    generation = nextGeneration
    isAnnounced = false
    awaitsCloseOK = false
    failRequests(error)
    assembler = ContentAssembler()
    acks = AckLedger()
    for consumer in consumers.values {
      consumer.buffer.removeAll()
      consumer.isSubscribed = false
    }
    let unanswered = confirms.drain().filter(\.isOpen)
    // Whether it can be routed is asked anew.
    for publication in unanswered { publication.returnReason = nil }
    outbox.putBack(unanswered)
    return unanswered.count
  }

  func failRequests(_ error: RabbitMQError) {
    let failed = requests
    requests = []
    for request in failed { request.end(.failure(error)) }
  }

  /// Tells every publisher that its open messages stay unconfirmed.
  func abandonPublications(_ error: RabbitMQError) {
    for publication in confirms.drain() + outbox.drain() { publication.batch.settleRest(.unconfirmed(error)) }
    for waiter in roomWaiters { waiter.batch.settleRest(.unconfirmed(error)) }
    releaseRoomWaiters()
  }

  /// When the oldest message without an answer was written.
  var oldestUnconfirmed: ContinuousClock.Instant? { confirms.first { _ in true }?.sentAt }

  /// The request whose time is up first: one behind another may have less.
  var mostUrgentRequest: PendingRequest? { requests.min { $0.deadline < $1.deadline } }

  /// - Parameter confirmDeadline: until when a message is to be confirmed that was written at a certain time, nil for ever.
  func nextDeadline(
    confirmDeadline: (ContinuousClock.Instant) -> ContinuousClock.Instant?
  ) -> ContinuousClock.Instant? {
    var next = mostUrgentRequest?.deadline
    func add(_ deadline: ContinuousClock.Instant?) {
      if let deadline { next = min(next ?? deadline, deadline) }
    }
    add(publishDeadline)
    add(oldestUnconfirmed.flatMap(confirmDeadline))
    for consumer in consumers.values { add(consumer.waiter?.nextDeadline(hasDeliveries: !consumer.buffer.isEmpty)) }
    return next
  }
}

/// A request that waits for its answer.
final class PendingRequest {
  let id: Int
  let deadline: ContinuousClock.Instant
  /// What answers it.
  let answer: AnswerKind
  /// What was asked, for the error.
  let description: String
  private var continuation: CheckedContinuation<ServerMethod, any Error>?
  private var observers: [CheckedContinuation<Void, Never>] = []

  init(
    id: Int, deadline: ContinuousClock.Instant, answer: AnswerKind, description: String,
    continuation: CheckedContinuation<ServerMethod, any Error>?
  ) {
    self.id = id
    self.deadline = deadline
    self.answer = answer
    self.description = description
    self.continuation = continuation
  }

  /// Waits until it is answered, or never will be.
  func ended(_ observer: CheckedContinuation<Void, Never>) { observers.append(observer) }

  /// Ends it with the answer, or for good.
  func end(_ result: Result<ServerMethod, any Error>) {
    resume(result)
    for observer in observers { observer.resume() }
    observers = []
  }

  /// Ends the caller's wait; where that has ended, the answer is nobody's any more.
  func resume(_ result: Result<ServerMethod, any Error>) {
    continuation?.resume(with: result)
    continuation = nil
  }
}
