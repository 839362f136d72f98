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
  }

  private let store: any Store
  private let reader: JobReader
  private let createsPushes: Bool
  private let logger: Logger

  /// What became of all messages so far.
  public private(set) var counts = Counts()

  /// A pipeline into `store`.
  ///
  /// - Parameter createsPushes: whether a push that is not known is made from its first job.
  /// - Throws: what is wrong with the bundled schema, if anything.
  public init(into store: any Store, createsPushes: Bool, logger: Logger) throws {
    self.store = store
    self.createsPushes = createsPushes
    self.logger = logger
    reader = JobReader(try JobContract.bundled())
  }

  /// Ingests a batch; when it returns, everything is stored, waiting or among the rejected.
  ///
  /// - Throws: `StoreError` where nothing of the batch was kept.
  public func ingest(_ messages: [Message]) async throws {
    guard !messages.isEmpty else { return }
    let outcomes = try await store.load(messages.map(item), createsPushes: createsPushes)
    for outcome in outcomes {
      switch outcome {
      case .stored: counts.stored += 1
      case .waiting: counts.waiting += 1
      case .rejected: counts.rejected += 1
      case .duplicate: counts.duplicates += 1
      }
    }
  }

  private func item(_ message: Message) -> IncomingItem {
    let origin = IncomingItem.Origin(
      exchange: message.exchange, routingKey: message.routingKey, receivedTime: message.receivedTime)
    do throws(JobRejection) {
      return IncomingItem(origin: origin, content: .job(JobTransform.record(of: try reader.read(message.body))))
    } catch {
      logger.warning(
        "message rejected",
        metadata: [
          "exchange": "\(message.exchange)", "routing-key": "\(message.routingKey)", "reason": "\(error)",
        ])
      return IncomingItem(origin: origin, content: .rejected(reasons: error.description, body: message.body))
    }
  }
}
