public import JobStore
public import Logging

/// The one way into the store: what has been read is loaded in one transaction a batch.
///
/// What has been ingested is on disk: only then may the broker be told to forget it.
public actor Pipeline {
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

  let store: any Store
  let policy: LoadPolicy
  private let logger: Logger

  /// What became of all messages so far.
  public internal(set) var counts = Counts() {
    didSet { metrics.record(counts, since: oldValue) }
  }
  private let metrics = PipelineMetrics()

  /// A pipeline into `store`.
  ///
  /// - Parameter policy: what becomes of jobs whose push or repository the store does not know.
  public init(into store: any Store, policy: LoadPolicy, logger: Logger) {
    self.store = store
    self.policy = policy
    self.logger = logger
  }

  /// Ingests a batch; when it returns, everything is stored, waiting or among the rejected.
  ///
  /// A store that cannot be reached is tried again for as long as it takes. What a store that is in order does not take is
  /// found by halving the batch, and rejected.
  ///
  /// - Parameter mayGoOn: asked before each further try; false ends it.
  /// - Returns: what became of each message, in the batch's order.
  /// - Throws: `StoreError` where nothing, or not all, of the batch was kept.
  @discardableResult
  public func ingest(
    _ batch: MessageReader.Batch, while mayGoOn: @Sendable () -> Bool = { true }
  ) async throws -> [LoadOutcome] {
    guard !batch.messages.isEmpty else { return [] }
    return try await load(batch.messages, batch.items, while: mayGoOn)
  }

  private func load(
    _ messages: [MessageReader.Message], _ items: [IncomingItem], while mayGoOn: @Sendable () -> Bool
  ) async throws -> [LoadOutcome] {
    do {
      return try await load(items, while: mayGoOn)
    } catch let error as StoreError where error.isRefusal && items.count > 1 {
      let middle = items.count / 2
      let first = try await load(Array(messages[..<middle]), Array(items[..<middle]), while: mayGoOn)
      return first + (try await load(Array(messages[middle...]), Array(items[middle...]), while: mayGoOn))
    } catch let error as StoreError where error.isRefusal {
      guard let message = messages.first, let item = items.first, case .job = item.content else { throw error }
      logger.rejected(message, "\(error)")
      let content = IncomingItem.Content.rejected(reasons: "\(error)", body: message.body)
      return try await load([IncomingItem(origin: item.origin, content: content)], while: mayGoOn)
    }
  }

  /// The longest wait between two tries.
  private static let maximumDelay = Duration.seconds(10)

  private func load(_ items: [IncomingItem], while mayGoOn: @Sendable () -> Bool) async throws -> [LoadOutcome] {
    var delay = Duration.milliseconds(250)
    var isDown = false
    while true {
      do {
        let start = ContinuousClock.now
        let report = try await store.load(items, policy: policy)
        metrics.record(batchTime: ContinuousClock.now - start)
        count(report)
        if isDown { logger.notice("the store is back") }
        return report.outcomes
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

  func count(_ report: LoadReport) {
    // In one step: what is handed on to metrics costs a batch, not a message.
    var counts = counts
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
    self.counts = counts
  }
}

extension StoreError {
  /// Whether the store is in order and would refuse the same the next time.
  fileprivate var isRefusal: Bool { code == .failed || code == .unstorable }
}
