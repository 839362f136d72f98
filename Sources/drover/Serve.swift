import ArgumentParser
import Commands
import Ingestion
import JobStore
import Logging
import Metrics
import RabbitMQ
import ServiceLifecycle
import WebService

extension ListenAddress: ExpressibleByArgument {
  /// Reads what ``init(_:)`` reads.
  public init?(argument: String) { self.init(argument) }
}

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serves the store over HTTP, as Treeherder's clients ask for it.",
    discussion: """
      Ctrl-C and SIGTERM answer what has been asked, and end.

        drover serve --store sqlite:jobs.db --address 127.0.0.1:8080
      """)

  @Option(help: "The store, by default DROVER_STORE, or sqlite:drover.db.")
  var store: String?

  @Option(help: ArgumentHelp("Where to listen; port 0 is one that is free.", valueName: "host:port"))
  var address = ListenAddress.standard

  @Option(help: "A broker without which the server is not ready: amqp://user:password@host:port/vhost.")
  var url: String?

  @OptionGroup var submissions: SubmissionOptions
  @OptionGroup var logging: LogOptions

  /// How long what is under way may take once the end was asked for.
  private static let drainTime = Duration.seconds(30)

  func run() async throws {
    let logger = logging.logger("drover.serve")
    let interrupt = Interrupt()
    let broker = try url.map { try Settings().broker(flag: $0) }
    let store = try Settings().openStore(flag: store)
    var failure: (any Error)?
    do {
      try await store.migrate()
      let connection = try await broker.asyncMap {
        try await Connection.open($0, options: .init(name: "drover serve"), logger: logger)
      }
      do { try await serve(store, connection, interrupt, logger) } catch { failure = error }
      await connection?.close()
    } catch {
      failure = failure ?? error
    }
    do { try await store.close() } catch { failure = failure ?? error }
    if let failure {
      Console.report("\(failure)")
      throw ExitStatus(for: failure)
    }
  }

  private func serve(
    _ store: any JobStore.Store, _ connection: Connection?, _ interrupt: Interrupt, _ logger: Logger
  ) async throws {
    let metrics = MetricsRegistry()
    MetricsSystem.bootstrap(metrics)
    let pipeline = Pipeline(into: store, policy: submissions.policy, logger: logger)
    var configuration = WebServer.Configuration(
      address: address, metrics: metrics,
      routes: [SubmissionRoutes(store: store, pipeline: pipeline, configuration: submissions.configuration)])
    if let connection {
      configuration.readiness.append(
        ReadinessCheck(name: "broker") {
          switch await connection.status {
          case .open, .blocked: true
          case .recovering, .closed: false
          }
        })
    }
    let server = WebServer(configuration, store: store, logger: logger)
    var services = ServiceGroupConfiguration(
      services: [.init(service: server, successTerminationBehavior: .gracefullyShutdownGroup)], logger: logger)
    services.maximumGracefulShutdownDuration = Self.drainTime
    let group = ServiceGroup(configuration: services)
    interrupt.onAsked { Task { await group.triggerGracefulShutdown() } }
    try await group.run()
  }
}

extension Optional {
  fileprivate func asyncMap<T>(_ transform: (Wrapped) async throws -> T) async rethrows -> T? {
    if let self { try await transform(self) } else { nil }
  }
}
