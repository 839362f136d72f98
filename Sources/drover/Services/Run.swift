import ArgumentParser
import Commands
import Ingestion
import JobStore
import Metrics
import Pulse
import WebService

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Listens and serves in one process, over one store.",
    discussion: """
      The options are those of listen and of serve. Ctrl-C and SIGTERM finish what is in hand, and end.

        drover run --url amqp://user:password@localhost:5672/ --store sqlite:jobs.db --address 127.0.0.1:8080
      """)

  @OptionGroup var listening: ListenOptions
  @OptionGroup var serving: ServeOptions

  @Option(help: "The store, by default DROVER_STORE, or sqlite:drover.db.")
  var store: String?

  @OptionGroup var logging: LogOptions

  func run() async throws {
    let logger = logging.logger("drover.run")
    let configuration = try listening.configuration(logger: logger)
    let interrupt = Interrupt()
    // Before whatever counts is made.
    let metrics = MetricsRegistry()
    MetricsSystem.bootstrap(metrics)
    let store = try Settings().openStore(flag: store)
    try await store.migrate()
    let pipeline = Pipeline(into: store, policy: listening.loading.policy, logger: logger)
    let listener = try Listener(configuration, into: pipeline, of: store, logger: logger)
    let server = serving.server(
      over: store, pipeline, metrics: metrics,
      readiness: [ReadinessCheck(name: "broker") { await listener.isConnected }], logger: logger)
    let failure = await ServiceRun.run([server, listener], over: store, interrupt, logger: logger)
    await ServiceRun.end(failure, pipeline)
    throw failure.map { ExitStatus(for: $0) } ?? .done
  }
}
