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

  /// What is to be sent; oldest at `outboxHead`.
  private var outbox: [Publication] = []
  private var outboxHead = 0
  var confirms = ConfirmTracker<Publication>()
  /// Bytes of body that wait to be sent.
  private var outboxBytes = 0
  /// Publishers that wait for room, first come first served.
  var roomWaiters: [RoomWaiter] = []
  /// The batches that wait for answers, oldest first.
  var batches: [PublishBatch] = []

  // MARK: Consuming

  var acks = AckLedger()
  var consumers: [String: ConsumerState] = [:]

  /// Messages sent and not answered above which sending waits: enough to keep a broker busy while its answers travel.
  static let confirmWindow = 2_048
  /// Messages that wait to be sent above which publishers wait.
  static let outboxCapacity = 4_096
  /// Bytes that wait to be sent above which publishers wait.
  static let outboxByteCapacity = 16 << 20

  /// A publisher that waits for room in the outbox.
  struct RoomWaiter {
    let continuation: CheckedContinuation<Void, Never>
    let deadline: ContinuousClock.Instant
  }

  /// Messages that are not sent yet.
  var outboxCount: Int { outbox.count - outboxHead }

  /// Whether more may be put in; one message always finds room in an empty outbox, whatever its size.
  var hasOutboxRoom: Bool { outboxCount < Self.outboxCapacity && outboxBytes < Self.outboxByteCapacity }

  /// Whether a message waits that may be sent as soon as the socket takes it.
  var hasSendableOutbox: Bool { outboxCount > 0 && confirms.count < Self.confirmWindow }

  mutating func appendToOutbox(_ publication: Publication) {
    outboxBytes += publication.message.body.count
    outbox.append(publication)
  }

  mutating func takeFromOutbox() -> Publication? {
    guard outboxHead < outbox.count else { return nil }
    let publication = outbox[outboxHead]
    outboxBytes -= publication.message.body.count
    outboxHead += 1
    if outboxHead > 256, outboxHead * 2 > outbox.count {
      outbox.removeFirst(outboxHead)
      outboxHead = 0
    }
    return publication
  }

  /// Takes messages out again whose batch has been given up: they will not be sent.
  mutating func dropSettledFromOutbox() {
    let open = outbox[outboxHead...].filter { !$0.batch.isComplete }
    outbox = Array(open)
    outboxHead = 0
    outboxBytes = outbox.reduce(0) { $0 + $1.message.body.count }
  }

  var nextDeadline: ContinuousClock.Instant? {
    [
      requests.first?.deadline, batches.map(\.deadline).min(), roomWaiters.map(\.deadline).min(),
      consumers.values.compactMap { $0.waiter?.deadline }.min(),
    ].compactMap { $0 }.min()
  }
}
