import Hummingbird
import HummingbirdCore
public import JobStore
public import Logging
import Glibc
import NIOCore
public import ServiceLifecycle

/// The HTTP server: Treeherder's interface over a store.
///
/// It runs until its task is cancelled or asked to shut down gracefully; then it takes no new connections, answers what
/// it has been asked, and ends.
public struct WebServer: Service {
  /// How a server is set up.
  public struct Configuration: Sendable {
    /// Where it listens.
    public var address: ListenAddress
    /// What the server shows to its clients, which speak HTTPS then.
    public var certificate: ServerCertificate?
    /// After how long without a request a connection is closed. A peer has half of it to send one, or to take an answer,
    /// and a second more for every 64 KiB.
    public var idleTimeout: Duration
    /// How many connections there may be; others wait to be taken. There are never more than the process may have files.
    public var maximumConnections = 1_000
    /// How long a request may take before it is given up with status 503.
    public var requestTimeout: Duration
    /// What `/metrics` tells; without it there is no such route.
    public var metrics: MetricsRegistry?
    /// What else has to be in order for the server to be ready, besides the store.
    public var readiness: [ReadinessCheck]
    /// Groups of routes that are added to the server's own.
    public var routes: [any RouteGroup]

    /// A configuration; by default idle connections are closed after a minute, and requests given up after half of one.
    public init(
      address: ListenAddress = .standard, certificate: ServerCertificate? = nil, idleTimeout: Duration = .seconds(60),
      requestTimeout: Duration = .seconds(30),
      metrics: MetricsRegistry? = nil, readiness: [ReadinessCheck] = [], routes: [any RouteGroup] = []
    ) {
      self.address = address
      self.certificate = certificate
      self.idleTimeout = idleTimeout
      self.requestTimeout = requestTimeout
      self.metrics = metrics
      self.readiness = readiness
      self.routes = routes
    }
  }

  private let configuration: Configuration
  private let store: any Store
  private let logger: Logger
  private let onListening: @Sendable (ListenAddress) -> Void

  /// A server over `store`, which has to stay open until ``run()`` has ended.
  ///
  /// - Parameter onListening: called with the address once connections are taken; its port is never 0.
  public init(
    _ configuration: Configuration, store: any Store, logger: Logger,
    onListening: @escaping @Sendable (ListenAddress) -> Void = { _ in }
  ) {
    self.configuration = configuration
    self.store = store
    self.logger = logger
    self.onListening = onListening
  }

  /// Serves.
  ///
  /// - Throws: ``WebServiceError`` where the address cannot be listened on.
  public func run() async throws {
    let address = configuration.address
    let router = WebRouter.make(store: store, configuration)
    let http = HTTPServerBuilder.http1(configuration: ConnectionLimits.http(idleTimeout: configuration.idleTimeout))
    let scheme = configuration.certificate == nil ? "http" : "https"
    let application = Application(
      router: router,
      server: try configuration.certificate?.server(http) ?? http,
      configuration: .init(
        address: .hostname(address.host, port: address.port), serverName: "drover",
        availableConnectionsDelegate: .maximum(
          ConnectionLimits.connections(configuration.maximumConnections), logger: logger)),
      onServerRunning: { channel in
        let bound = ListenAddress(host: address.host, port: channel.localAddress?.port ?? address.port)
        logger.notice("listening on \(scheme)://\(bound)/")
        onListening(bound)
      },
      logger: logger)
    do {
      try await application.run()
    } catch let error as IOError {
      throw WebServiceError.notListening(on: address, error.reason)
    } catch is SocketAddressError.UnknownHost {
      throw WebServiceError.notListening(on: address, "the host is not known")
    }
  }
}

extension IOError {
  /// What the system says, without what NIO puts ahead of it.
  fileprivate var reason: String { String(cString: strerror(errnoCode)) }
}
