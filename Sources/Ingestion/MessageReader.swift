import JobStore
public import Logging
import PulseJob

/// Reads messages: each is parsed once, checked, and mapped to what is stored of it.
///
/// An actor of its own, so that one batch is read while the one before is stored.
public actor MessageReader {
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
    /// The rejected message that the store keeps it as, nil for one that comes from the broker.
    public var rejectedID: Int64?

    /// A message.
    public init(
      exchange: String, routingKey: String, body: [UInt8], receivedTime: Int64, rejectedID: Int64? = nil
    ) {
      self.exchange = exchange
      self.routingKey = routingKey
      self.body = body
      self.receivedTime = receivedTime
      self.rejectedID = rejectedID
    }
  }

  /// Messages that have been read.
  public struct Batch: Sendable {
    let messages: [Message]
    let items: [IncomingItem]
  }

  private let reader: JobReader
  private let logger: Logger

  /// A reader.
  ///
  /// - Throws: what is wrong with the bundled schema, if anything.
  public init(logger: Logger) throws {
    self.logger = logger
    reader = JobReader(try JobContract.bundled())
  }

  /// Reads messages; those that are no jobs are told in the log, and in the batch they are rejected ones.
  public func read(_ messages: [Message]) -> Batch { Batch(messages: messages, items: messages.map(item)) }

  private func item(_ message: Message) -> IncomingItem {
    let origin = IncomingItem.Origin(
      exchange: message.exchange, routingKey: message.routingKey, receivedTime: message.receivedTime,
      rejectedID: message.rejectedID)
    do throws(JobRejection) {
      return IncomingItem(origin: origin, content: .job(JobTransform.record(of: try reader.read(message.body))))
    } catch {
      logger.rejected(message, error.description)
      let reasons = error.reasons.joined(separator: "\n")
      return IncomingItem(origin: origin, content: .rejected(reasons: reasons, body: message.body))
    }
  }
}

extension Logger {
  /// Tells of a message that is kept among the rejected.
  func rejected(_ message: MessageReader.Message, _ reason: String) {
    warning(
      "message rejected",
      metadata: ["exchange": "\(message.exchange)", "routing-key": "\(message.routingKey)", "reason": "\(reason)"])
  }
}
