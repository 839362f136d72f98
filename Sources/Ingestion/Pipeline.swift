public import JobStore
public import Logging
import PulseJob

/// The one way into the store: messages are read, checked, mapped and loaded in one transaction a batch.
///
/// What has been ingested is on disk: only then may the broker be told to forget it.
public actor Pipeline {
  /// A message as it arrived.
  public struct Message: Sendable {
    /// The exchange that it was published to.
    public var exchange: String
    /// The key that it was published under.
    public var routingKey: String
    /// The message: a job as JSON, bare or in mozillapulse's envelope.
    public var body: [UInt8]
    /// When it arrived, in milliseconds since 1970-01-01 00:00:00 UTC.
    public var receivedTime: Int64

    /// A message.
    public init(exchange: String, routingKey: String, body: [UInt8], receivedTime: Int64) {
      self.exchange = exchange
      self.routingKey = routingKey
      self.body = body
      self.receivedTime = receivedTime
    }
  }

  /// What became of messages.
  public struct Counts: Sendable, Hashable {
    /// Made or changed a job.
    public var stored = 0
    /// Kept until their push arrives.
    public var waiting = 0
    /// Kept among the rejected messages.
    public var rejected = 0
    /// Held nothing new.
    public var duplicates = 0
    /// Belonged to a repository that is not active: not kept.
    public var skipped = 0
    /// Had waited, and were stored when their push came.
    public var released = 0
  }

  private let store: any Store
  private let reader: JobReader
  private let policy: LoadPolicy
  private let logger: Logger

  /// What became of all messages so far.
  public private(set) var counts = Counts()

  /// A pipeline into `store`.
  ///
  /// - Parameter policy: what becomes of jobs whose push or repository the store does not know.
  /// - Throws: what is wrong with the bundled schema, if anything.
  public init(into store: any Store, policy: LoadPolicy, logger: Logger) throws {
    self.store = store
    self.policy = policy
    self.logger = logger
    reader = JobReader(try JobContract.bundled())
  }

  /// Ingests a batch; when it returns, everything is stored, waiting or among the rejected.
  ///
  /// A store that cannot be reached is tried again for as long as it takes. What a store that is in order does not take is
  /// found by halving the batch, and rejected.
  ///
  /// - Parameter mayGoOn: asked before each further try; false ends it.
  /// - Throws: `StoreError` where nothing, or not all, of the batch was kept.
  public func ingest(_ messages: [Message], while mayGoOn: @Sendable () -> Bool = { true }) async throws {
    guard !messages.isEmpty else { return }
    try await load(messages[...], messages.map(item)[...], while: mayGoOn)
  }

  private func load(
    _ messages: ArraySlice<Message>, _ items: ArraySlice<IncomingItem>, while mayGoOn: @Sendable () -> Bool
  ) async throws {
    do {
      count(try await retry(while: mayGoOn) { [store, policy] in try await store.load(Array(items), policy: policy) })
    } catch let error as StoreError where error.code == .failed && items.count > 1 {
      let middle = (items.startIndex + items.endIndex) / 2
      try await load(messages[..<middle], items[..<middle], while: mayGoOn)
      try await load(messages[middle...], items[middle...], while: mayGoOn)
    } catch let error as StoreError where error.code == .failed {
      guard let message = messages.first, let item = items.first, case .job = item.content else { throw error }
      report(message, "\(error)")
      let rejected = IncomingItem(
        origin: item.origin, content: .rejected(reasons: "\(error)", body: message.body))
      count(try await retry(while: mayGoOn) { [store, policy] in try await store.load([rejected], policy: policy) })
    }
  }

  /// The longest wait between two tries.
  private static let maximumDelay = Duration.seconds(10)

  private func retry(
    while mayGoOn: @Sendable () -> Bool, _ work: @Sendable () async throws -> LoadReport
  ) async throws -> LoadReport {
    var delay = Duration.milliseconds(250)
    var isDown = false
    while true {
      do {
        let report = try await work()
        if isDown { logger.notice("the store is back") }
        return report
      } catch let error as StoreError where error.code == .unavailable && mayGoOn() {
        logger.log(
          level: isDown ? .debug : .warning, "nothing is stored for now, and nothing acknowledged: trying again",
          metadata: ["reason": "\(error)"])
        isDown = true
        // In pieces, for whoever wants it to end meanwhile.
        let end = ContinuousClock.now + delay
        while ContinuousClock.now < end, mayGoOn() { try await Task.sleep(for: .milliseconds(50)) }
        guard mayGoOn() else { throw error }
        delay = min(delay * 2, Self.maximumDelay)
      }
    }
  }

  private func count(_ report: LoadReport) {
    counts.released += report.released
    for outcome in report.outcomes {
      switch outcome {
      case .stored: counts.stored += 1
      case .waiting: counts.waiting += 1
      case .rejected: counts.rejected += 1
      case .duplicate: counts.duplicates += 1
      case .skipped: counts.skipped += 1
      }
    }
  }

  private func item(_ message: Message) -> IncomingItem {
    let origin = IncomingItem.Origin(
      exchange: message.exchange, routingKey: message.routingKey, receivedTime: message.receivedTime)
    do throws(JobRejection) {
      return IncomingItem(origin: origin, content: .job(JobTransform.record(of: try reader.read(message.body))))
    } catch {
      report(message, error.description)
      return IncomingItem(origin: origin, content: .rejected(reasons: error.description, body: message.body))
    }
  }

  private func report(_ message: Message, _ reason: String) {
    logger.warning(
      "message rejected",
      metadata: ["exchange": "\(message.exchange)", "routing-key": "\(message.routingKey)", "reason": "\(reason)"])
  }
}
