public import Hummingbird

/// Routes that belong together.
public protocol RouteGroup: Sendable {
  /// Adds the routes to the server's router, in which paths begin at the top.
  func register(on router: Router<WebContext>)
}
