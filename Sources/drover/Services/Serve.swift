import ArgumentParser
import Commands
import Ingestion
import JobStore
import Logging
import Metrics
import RabbitMQ
import WebService

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serves the store over HTTP, as Treeherder's clients ask for it.",
    discussion: """
      Ctrl-C and SIGTERM answer what has been asked, and end.

        drover serve --store sqlite:jobs.db --address 127.0.0.1:8080
      """)

  @Option(help: "The store, by default DROVER_STORE, or sqlite:drover.db.")
  var store: String?

  @Option(help: "A broker without which the server is not ready: amqp://user:password@host:port/vhost.")
  var url: String?

  @OptionGroup var serving: ServeOptions
  @OptionGroup var pushes: PushOptions
  @OptionGroup var logging: LogOptions

  func run() async throws {
    let logger = logging.logger("drover.serve")
    let interrupt = Interrupt()
    let broker = try url.map { try Settings().broker(flag: $0) }
    // Before whatever counts is made.
    let metrics = MetricsRegistry()
    MetricsSystem.bootstrap(metrics)
    let store = try Settings().openStore(flag: store)
    try await store.migrate()
    var connection: Connection?
    if let broker {
      connection = try await Connection.open(broker, options: .init(name: "drover serve"), logger: logger)
    }
    // A repository that nobody has credentials for, or jobs of, is not known to the server anyway.
    let pipeline = Pipeline(
      into: store, policy: LoadPolicy(createsPushes: pushes.createPushes), logger: logger)
    let readiness = connection.map { connection in
      ReadinessCheck(name: "broker") {
        switch await connection.status {
        case .open, .blocked: true
        case .recovering, .closed: false
        }
      }
    }
    let server = serving.server(
      over: store, pipeline, metrics: metrics, readiness: readiness.map { [$0] } ?? [], logger: logger)
    let failure = await ServiceRun.run([server], over: store, interrupt, drains: true, logger: logger)
    await connection?.close()
    if let failure {
      Console.report("\(failure)")
      throw ExitStatus(for: failure)
    }
  }
}
