import ArgumentParser
import Commands
import Ingestion
import JobStore
import Pulse
import ServiceLifecycle

struct Listen: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Hears the exchanges of a configuration and stores the jobs that are published to them.",
    discussion: """
      Messages are acknowledged once they are stored. Ctrl-C and SIGTERM finish what is in hand.

        drover listen --url amqp://user:password@localhost:5672/ --config exchanges.json --store sqlite:jobs.db
      """)

  @OptionGroup var listening: ListenOptions

  @Option(help: "The store, by default DROVER_STORE, or sqlite:drover.db.")
  var store: String?

  @OptionGroup var logging: LogOptions

  func run() async throws {
    let logger = logging.logger("drover.listen")
    let configuration = try listening.configuration(logger: logger)
    let interrupt = Interrupt()
    let store = try Settings().openStore(flag: store)
    try await store.migrate()
    let pipeline = Pipeline(into: store, policy: listening.loading.policy, logger: logger)
    let listener = try Listener(configuration, into: pipeline, of: store, logger: logger)
    let failure = await ServiceRun.run([listener], over: store, interrupt, logger: logger)
    await ServiceRun.end(failure, pipeline)
    throw failure.map { ExitStatus(for: $0) } ?? .done
  }
}
