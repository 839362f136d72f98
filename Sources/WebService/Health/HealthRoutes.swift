import HTTPTypes
import Hummingbird

/// What those ask who start, watch and balance servers: `/health/live`, whether the process answers at all, and
/// `/health/ready`, whether it is of use.
struct HealthRoutes: RouteGroup {
  let checks: [ReadinessCheck]

  func register(on router: Router<WebContext>) {
    router.get("health/live") { _, _ in
      var json = JSONWriter()
      json.object { $0.member("status", "ok") }
      return json.response()
    }
    router.get("health/ready") { [checks] _, _ in
      var results: [(name: String, isPassed: Bool)] = []
      for check in checks { results.append((check.name, await check.isPassed())) }
      let isReady = results.allSatisfy(\.isPassed)
      var json = JSONWriter()
      json.object { json in
        json.member("status", isReady ? "ok" : "unavailable")
        json.name("checks")
        json.object { json in
          for result in results {
            json.name(result.name)
            json.string(result.isPassed ? "ok" : "unavailable")
          }
        }
      }
      return json.response(status: isReady ? .ok : .serviceUnavailable)
    }
  }
}
