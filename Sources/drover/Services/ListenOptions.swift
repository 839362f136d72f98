import ArgumentParser
import Foundation
import Ingestion
import JobStore
import Logging
import Pulse
import RabbitMQ
import ServiceLifecycle

extension Listener.QueueType: ExpressibleByArgument {}

/// What is listened to, and how.
struct ListenOptions: ParsableArguments {
  @OptionGroup var queue: QueueOptions

  @Option(help: "The queue's type: quorum or classic.")
  var queueType: Listener.QueueType?

  @Option(help: "How many messages may be out unacknowledged: 1 to 65535.")
  var prefetch = 2000

  @Flag(inversion: .prefixedNo, help: "Whether bindings that the configuration no longer has are removed.")
  var prune = true

  @Flag(help: "Let the queue go with its last listener; it is a classic one then.")
  var autoDelete = false

  @Flag(help: "End when the queue has been empty for a moment and everything is stored and acknowledged.")
  var untilEmpty = false

  @OptionGroup var loading: LoadOptions

  func validate() throws {
    guard (1...65_535).contains(prefetch) else { throw ValidationError("--prefetch must be between 1 and 65535") }
    guard !autoDelete || queueType != .quorum else {
      throw ValidationError("a quorum queue cannot go with its last listener: give --queue-type classic")
    }
  }

  /// A listener's configuration by these options.
  func configuration(logger: Logger) throws -> Listener.Configuration {
    var configuration = try queue.configuration(logger: logger)
    configuration.queueType = queueType ?? .quorum
    configuration.prefetch = prefetch
    configuration.isAutoDelete = autoDelete
    configuration.prunes = prune
    configuration.endsWhenEmpty = untilEmpty
    return configuration
  }
}

extension Listener {
  /// A listener whose messages go through `pipeline` into `store`.
  init(
    _ configuration: Configuration, into pipeline: Pipeline, of store: any JobStore.Store, logger: Logger
  ) throws {
    let reader = try MessageReader(logger: logger)
    self.init(configuration, ledger: StoredBindings(store: store), logger: logger) { deliveries in
      let receivedTime = Int64(Date.now.timeIntervalSince1970 * 1000)
      let batch = await reader.read(
        deliveries.map {
          MessageReader.Message(
            exchange: $0.exchange, routingKey: $0.routingKey, body: $0.body, receivedTime: receivedTime)
        })
      return { try await pipeline.ingest(batch, while: { !Task.isShuttingDownGracefully }) }
    }
  }
}
