import ArgumentParser
import Ingestion
import JobStore
import Logging
import WebService

extension ListenAddress: ExpressibleByArgument {
  /// Reads what ``init(_:)`` reads.
  public init?(argument: String) { self.init(argument) }
}

/// Where and how a store is served.
struct ServeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Where to listen; port 0 is one that is free.", valueName: "host:port"))
  var address = ListenAddress.standard

  @Option(
    help: ArgumentHelp(
      "A certificate (PEM), with those between it and its authority: HTTPS is served.", valueName: "file"))
  var certificate: String?

  @Option(help: ArgumentHelp("The certificate's private key (PEM).", valueName: "file"))
  var key: String?

  @OptionGroup var submissions: SubmissionOptions
  @OptionGroup var connections: ConnectionOptions

  func validate() throws {
    guard (certificate == nil) == (key == nil) else {
      throw ValidationError("--certificate and --key go together: one is no use without the other")
    }
  }

  /// A server over `store`.
  ///
  /// - Parameters:
  ///   - pipeline: the way into the same store.
  ///   - readiness: what has to be in order besides the store.
  func server(
    over store: any JobStore.Store, _ pipeline: Pipeline, metrics: MetricsRegistry, readiness: [ReadinessCheck],
    logger: Logger
  ) -> WebServer {
    var identity: ServerCertificate?
    if let certificate, let key { identity = ServerCertificate(chain: certificate, key: key) }
    let submissions = submissions.configuration(isSecure: identity != nil)
    var configuration = WebServer.Configuration(
      address: address, certificate: identity, metrics: metrics, readiness: readiness,
      routes: [SubmissionRoutes(store: store, pipeline: pipeline, configuration: submissions)])
    connections.apply(to: &configuration)
    return WebServer(configuration, store: store, logger: logger)
  }
}
