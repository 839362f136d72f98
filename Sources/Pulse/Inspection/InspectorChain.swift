public import Logging
public import RabbitMQ

/// Asks one inspector after the other until one can tell.
public struct InspectorChain: QueueInspector {
  private let inspectors: [any QueueInspector]
  private let logger: Logger

  /// A chain of `inspectors`, the one that knows best first; `logger` hears of those that could not tell.
  public init(_ inspectors: [any QueueInspector], logger: Logger) {
    self.inspectors = inspectors
    self.logger = logger
  }

  /// Every inspector's name.
  public var description: String { inspectors.map(\.description).joined(separator: ", or ") }

  /// The first answer; where nobody has one, the error of the last who was asked.
  public func bindings(of queue: String) async throws -> [Binding] {
    for inspector in inspectors.dropLast() {
      do {
        return try await inspector.bindings(of: queue)
      } catch  where !(error is CancellationError) {
        logger.warning("the queue's bindings could not be asked for", metadata: ["reason": "\(error)"])
      }
    }
    return try await inspectors.last?.bindings(of: queue) ?? []
  }

  /// The first count; nil where nobody has one.
  public func messageCount(of queue: String) async throws -> Int? {
    var failure: (any Error)?
    for inspector in inspectors {
      do {
        if let count = try await inspector.messageCount(of: queue) { return count }
      } catch  where !(error is CancellationError) {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return nil
  }
}
