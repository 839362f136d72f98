import Hummingbird
import JobStore

/// The one place in which the server's routes and what lies ahead of them are put together.
enum WebRouter {
  static func make(store: any Store, _ configuration: WebServer.Configuration) -> Router<WebContext> {
    let router = Router(context: WebContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: RequestMiddleware())
    router.add(middleware: CompressionMiddleware())
    var groups: [any RouteGroup] = [
      HealthRoutes(checks: [.store(store)] + configuration.readiness),
      ReadingRoutes(store: store, timeout: configuration.requestTimeout), DescriptionRoutes(routes: DescribedRoute.all),
      EventRoutes(feed: ChangeFeed(store), store: store),
      PageRoutes(store: store, timeout: configuration.requestTimeout),
    ]
    if let metrics = configuration.metrics { groups.append(MetricsRoutes(registry: metrics)) }
    for group in groups + configuration.routes { group.register(on: router) }
    return router
  }
}
