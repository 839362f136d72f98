import HTTPTypes
import Hummingbird
import NIOCore

/// `/metrics`: everything that the process measures, as Prometheus asks for it.
struct MetricsRoutes: RouteGroup {
  let registry: MetricsRegistry

  func register(on router: Router<WebContext>) {
    router.get("metrics") { [registry] _, _ in
      Response(
        status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
        body: .init(byteBuffer: ByteBuffer(string: registry.text)))
    }
  }
}
