import ArgumentParser
import Commands
import Foundation
import Ingestion
import JobStore
import Logging
import Pulse
import RabbitMQ
import ServiceLifecycle

extension Listener.QueueType: ExpressibleByArgument {}

struct Listen: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Hears the exchanges of a configuration and stores the jobs that are published to them.",
    discussion: """
      Messages are acknowledged once they are stored. Ctrl-C and SIGTERM finish what is in hand.

        drover listen --url amqp://user:password@localhost:5672/ --config exchanges.json --store sqlite:jobs.db
      """)

  @OptionGroup var queue: QueueOptions

  @Option(help: "The queue's type: quorum or classic.")
  var queueType: Listener.QueueType?

  @Option(help: "The store, by default DROVER_STORE, or sqlite:drover.db.")
  var store: String?

  @Option(help: "How many messages may be out unacknowledged: 1 to 65535.")
  var prefetch = 2000

  @Flag(inversion: .prefixedNo, help: "Whether bindings that the configuration no longer has are removed.")
  var prune = true

  @Flag(help: "Let the queue go with its last listener; it is a classic one then.")
  var autoDelete = false

  @Flag(help: "End when the queue has been empty for a moment and everything is stored and acknowledged.")
  var untilEmpty = false

  @OptionGroup var loading: LoadOptions

  @OptionGroup var logging: LogOptions

  func validate() throws {
    guard (1...65_535).contains(prefetch) else { throw ValidationError("--prefetch must be between 1 and 65535") }
    guard !autoDelete || queueType != .quorum else {
      throw ValidationError("a quorum queue cannot go with its last listener: give --queue-type classic")
    }
  }

  func run() async throws {
    let logger = logging.logger("drover.listen")
    var configuration = try queue.configuration(logger: logger)
    configuration.queueType = queueType ?? .quorum
    configuration.prefetch = prefetch
    configuration.isAutoDelete = autoDelete
    configuration.prunes = prune
    configuration.endsWhenEmpty = untilEmpty

    let interrupt = Interrupt()
    let store = try Settings().openStore(flag: store)
    try await store.migrate()
    let pipeline = Pipeline(into: store, policy: loading.policy, logger: logger)
    let reader = try MessageReader(logger: logger)
    let listener = Listener(configuration, ledger: StoredBindings(store: store), logger: logger) { deliveries in
      let receivedTime = Int64(Date.now.timeIntervalSince1970 * 1000)
      let batch = await reader.read(
        deliveries.map {
          MessageReader.Message(
            exchange: $0.exchange, routingKey: $0.routingKey, body: $0.body, receivedTime: receivedTime)
        })
      return { try await pipeline.ingest(batch, while: { !Task.isShuttingDownGracefully }) }
    }
    let group = ServiceGroup(
      configuration: .init(
        services: [.init(service: listener, successTerminationBehavior: .gracefullyShutdownGroup)], logger: logger))
    interrupt.onAsked { Task { await group.triggerGracefulShutdown() } }

    var failure: (any Error)?
    do { try await group.run() } catch { failure = error }
    try await store.close()
    if let failure { Console.report("\(failure)") }
    let counts = await pipeline.counts
    let others = [(counts.released, "released"), (counts.skipped, "skipped")].filter { $0.0 > 0 }
    Console.note(
      ([(counts.stored, "stored"), (counts.waiting, "waiting"), (counts.rejected, "rejected")]
        + [(counts.duplicates, "duplicates")] + others).map { "\($0) \($1)" }.joined(separator: ", "))
    throw failure.map { ExitStatus(for: $0) } ?? .done
  }
}
