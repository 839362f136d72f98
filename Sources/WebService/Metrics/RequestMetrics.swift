import HTTPTypes
import Hummingbird
import Metrics
import Synchronization

/// Counts and times requests by route, not by path: there are only so many routes.
final class RequestMetrics: Sendable {
  private struct Key: Hashable {
    let method: String
    let route: String
    let status: Int
  }

  private let timers = Mutex<[Key: Metrics.Timer]>([:])

  func record(_ request: Request, route: String?, status: HTTPResponse.Status, since start: ContinuousClock.Instant) {
    let known: [HTTPRequest.Method] = [.get, .head, .post, .put, .delete, .patch, .options]
    let method = known.contains(request.method) ? request.method.rawValue : "other"
    let key = Key(method: method, route: route ?? "none", status: status.code)
    let timer = timers.withLock { timers in
      if let timer = timers[key] { return timer }
      let timer = Metrics.Timer(
        label: "drover_http_request_duration",
        dimensions: [("method", key.method), ("route", key.route), ("status", "\(key.status)")],
        preferredDisplayUnit: .seconds)
      timers[key] = timer
      return timer
    }
    timer.record(duration: ContinuousClock.now - start)
  }
}
