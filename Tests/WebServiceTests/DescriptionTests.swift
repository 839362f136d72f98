import CoreMetrics
import Foundation
import HTTPTypes
import Support
import Testing

@testable import WebService

/// What the server tells about itself: metrics, and the description of its interface.
@Suite struct DescriptionTests {
  @Test func everyRouteIsDescribed() async throws {
    try await TestService.run(.sqlite) { service in
      let answer = try await service.get("/api/openapi.json")
      #expect(try answer.value("openapi") == #""3.0.3""#)
      let paths = try JSONSerialization.jsonObject(with: Data(answer.value("paths").utf8)) as? [String: Any]
      #expect(Set(try #require(paths).keys) == Set(DescribedRoute.all.map(\.path)))
      #expect(Set(ReadingRoutes.all.map(\.path)).isSubset(of: try #require(paths).keys))
      for path in ["resultset", "jobs", "artifact"].map({ "/api/project/{project}/\($0)/" }) {
        #expect(Set((paths?[path] as? [String: Any] ?? [:]).keys) == ["get", "post"], "\(path)")
      }
      #expect(paths?["/api/project/{project}/jobs/"] != nil)
      let page = try await service.get("/api/", ["Accept": "text/html"])
      #expect(page.headers["content-type"] == "text/html; charset=utf-8")
      #expect(page.body.contains("/api/project/{project}/push/{id}/status/") && page.body.contains("&lt;field&gt;"))
      #expect(page.body.contains("POST /api/project/{project}/artifact/"))
    }
  }

  @Test func measuresAreToldInPrometheussWords() {
    let registry = MetricsRegistry()
    let labels = [("queue.name", "a\"b\\c\nd")]
    registry.makeCounter(label: "drover.stored", dimensions: labels).increment(by: 2)
    registry.makeCounter(label: "drover.stored", dimensions: labels).increment(by: 3)
    registry.makeCounter(label: "drover.stored", dimensions: []).increment(by: 1)
    registry.makeMeter(label: "depth", dimensions: []).set(Int64(7))
    registry.makeMeter(label: "depth", dimensions: []).decrement(by: 0.5)
    registry.makeRecorder(label: "size", dimensions: [], aggregate: true).record(Int64(3))
    registry.makeRecorder(label: "size", dimensions: [], aggregate: true).record(1.5)
    registry.makeRecorder(label: "9level", dimensions: [], aggregate: false).record(Int64(4))
    registry.makeTimer(label: "wait", dimensions: []).recordNanoseconds(1_500_000_000)
    #expect(
      registry.text == """
        # TYPE _9level gauge
        _9level 4
        # TYPE depth gauge
        depth 6.5
        # TYPE drover_stored_total counter
        drover_stored_total 1
        drover_stored_total{queue_name="a\\"b\\\\c\\nd"} 5
        # TYPE size summary
        size_sum 4.5
        size_count 2
        # TYPE wait_seconds summary
        wait_seconds_sum 1.5
        wait_seconds_count 1

        """)
  }

  @Test func metricsAreThereWhereTheyAreAskedFor() async throws {
    let registry = MetricsRegistry()
    registry.makeCounter(label: "seen", dimensions: []).increment(by: 1)
    try await TestService.run(.sqlite, .init(metrics: registry)) { service in
      let answer = try await service.get("/metrics")
      #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
      #expect(answer.body == "# TYPE seen_total counter\nseen_total 1\n")
    }
    try await TestService.run(.sqlite) { service in
      let answer = try await service.get("/metrics")
      #expect(answer.status == 404)
    }
  }

  @Test func whatTakesTooLongIsGivenUp() async throws {
    let error = await #expect(throws: WebError.self) {
      try await TimeLimit.run(.milliseconds(1)) {
        // It would wait for ever, and ends since it is cancelled.
        let never = AsyncStream<Void> { _ in }
        for await _ in never {}
      }
    }
    #expect(error?.status == .serviceUnavailable)
    #expect(try await TimeLimit.run(.seconds(60)) { 5 } == 5)
  }
}
