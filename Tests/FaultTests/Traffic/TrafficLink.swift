import Logging
import RabbitMQ
import Support
import Synchronization

/// What both sides write down.
final class SharedLedger: Sendable {
  private let ledger = Mutex(Ledger())

  func withLock<R: Sendable>(_ body: (inout sending Ledger) -> sending R) -> R { ledger.withLock(body) }
}

/// A connection and what is used on it.
struct TrafficLink<Use: Sendable>: Sendable {
  let connection: Connection
  let use: Use

  /// Connects and prepares the use, again and again where the network is not good yet: a client recovers what it has,
  /// but whether the first connection comes about is its caller's concern.
  static func open(
    _ url: BrokerURL, name: String, recovery: RecoveryPolicy? = nil, logger: Logger,
    prepare: @Sendable (Connection) async throws -> Use
  ) async throws -> TrafficLink {
    var link: TrafficLink?
    var reason = ""
    do {
      try await eventually("a connection of the \(name)", within: .seconds(120)) {
        do {
          let connection = try await Connection.open(
            url, options: .init(name: name, recovery: recovery), logger: logger)
          do {
            link = TrafficLink(connection: connection, use: try await prepare(connection))
          } catch {
            await connection.close()
            throw error
          }
        } catch let error as RabbitMQError {
          reason = "\(error)"
        }
        return link != nil
      }
    } catch is DeadlinePassed {}
    guard let link else { throw TrafficFailure(description: "no connection of the \(name): \(reason)") }
    return link
  }
}
