import Foundation
public import Logging
public import RabbitMQ

/// Publishes jobs to an exchange of Pulse.
///
/// Each job goes out persistent and confirmed, as `application/json` in UTF-8, with a message-id by which a repetition
/// is recognised. Whether a job is valid is asked before, of a `JobReader`.
public struct Publisher: Sendable {
  /// What a job that no queue takes means; on Pulse an exchange nobody listens to is nothing wrong.
  public enum UnroutablePolicy: String, Sendable, CaseIterable {
    case ignore, warn, fail
  }

  /// A job to publish.
  public struct Job: Sendable {
    /// The key that it is published under.
    public var routingKey: RoutingKey
    /// The message: the bare job as JSON.
    public var body: [UInt8]

    /// A job under a routing key.
    public init(routingKey: RoutingKey, body: [UInt8]) {
      self.routingKey = routingKey
      self.body = body
    }
  }

  /// Where the jobs go.
  public let exchange: String
  private let connection: Connection
  private let publisher: ConfirmingPublisher
  private let isMandatory: Bool

  /// Connects, and sees to the exchange: one of one's own is declared (topic, durable), any other has to exist.
  ///
  /// - Throws: `RabbitMQError`, and ``PulseError`` with code `invalidName`, `notOwner` or `unknownExchange`.
  public static func open(
    _ url: BrokerURL, exchange: String, unroutable: UnroutablePolicy = .ignore, logger: Logger
  ) async throws -> Publisher {
    try PulseExchange.check(exchange)
    if let user = try? PulseUser(url.user), !user.owns(exchange: exchange) {
      throw PulseError(
        .notOwner, "only its owner may publish to \(exchange), and you are \(user): yours are exchange/\(user)/…")
    }
    let connection = try await Connection.open(
      url, options: .init(name: "drover publish", maximumAge: .seconds(3_600)), logger: logger)
    do {
      let channel = try await connection.openChannel()
      try await channel.ensureExchange(exchange, user: try? PulseUser(url.user))
      return Publisher(
        exchange: exchange, connection: connection, publisher: try await channel.confirmingPublisher(),
        isMandatory: unroutable != .ignore)
    } catch {
      await connection.close()
      throw error
    }
  }

  /// Hands jobs over, in their order; returns once there is room for them in the pipeline.
  public func submit(_ jobs: [Job]) async -> PublishReceipt {
    let now = UInt64(Date().timeIntervalSince1970)
    return await publisher.submit(jobs.map { message(for: $0, at: now) })
  }

  /// Publishes jobs and returns what became of each, in their order.
  public func publish(_ jobs: [Job]) async -> [PublishOutcome] {
    await submit(jobs).outcomes
  }

  /// Closes the connection; jobs without an outcome by then stay unconfirmed.
  public func close() async {
    await connection.close()
  }

  private func message(for job: Job, at now: UInt64) -> Message {
    Message(
      exchange: exchange, routingKey: job.routingKey.text,
      properties: MessageProperties(
        contentType: "application/json", contentEncoding: "utf-8", isPersistent: true,
        timestamp: now, appID: "drover"),
      body: job.body, isMandatory: isMandatory)
  }
}

extension Channel {
  /// Declares an exchange of one's own, and asks for any other one.
  func ensureExchange(_ name: String, user: PulseUser?) async throws {
    let isOwn = user?.owns(exchange: name) ?? false
    do {
      try await declare(ExchangeDeclaration(name, kind: .topic, isDurable: true, isPassive: !isOwn))
    } catch let error as RabbitMQError where error.code == .notFound {
      throw PulseError(.unknownExchange, "the exchange \(name) does not exist: its owner has to declare it")
    }
  }
}
