import Logging
import Support
import Synchronization
import Testing

@testable import JobStore
@testable import WebService

/// What every request meets: ids, versions, errors, validators, health.
@Suite struct ServiceTests {
  @Test func requestsKeepTheIdThatTheyBringAndGetOneOtherwise() async throws {
    try await TestService.run(.sqlite) { service in
      #expect(try await service.get("/health/live", ["X-Request-ID": "a-b.1"]).headers["x-request-id"] == "a-b.1")
      let made = try await service.get("/health/live", ["X-Request-ID": "a b\u{e9}"]).headers["x-request-id"]
      #expect(made?.count == 16 && made?.allSatisfy(\.isHexDigit) == true)
    }
  }

  @Test func aVersionThatIsNotSpokenIsNotAcceptable() async throws {
    try await TestService.run(.sqlite) { service in
      for accepted in ["*/*", "application/json; version=1.0", "text/html, application/json;version=\"1.1\""] {
        #expect(try await service.get("/api/repository/", ["Accept": accepted]).status == 200, "\(accepted)")
      }
      let answer = try await service.get("/api/repository/", ["Accept": "application/json; version=2.0"])
      #expect(answer.status == 406)
      #expect(answer.body == #"{"detail":"Invalid version in \"Accept\" header."}"#)
    }
  }

  @Test(arguments: Backend.allCases)
  func anUnknownProjectIsNotFoundOnEveryRoute(_ backend: Backend) async throws {
    try await TestService.run(backend) { service in
      for route in ReadingRoutes.all where route.path.contains("{project}") {
        let path = route.path.replacing("{project}", with: "no%20such").replacing("{id}", with: "1")
        let answer = try await service.get(path)
        #expect(answer.status == 404, "\(path)")
        #expect(answer.body == #"{"detail":"No project with name no such"}"#, "\(path)")
      }
      #expect(try await service.get("/api/nothing/").body == #"{"detail":"Not found."}"#)
    }
  }

  @Test func anAnswerThatIsKnownIsNotSentAgain() async throws {
    try await TestService.run(.sqlite) { service in
      let first = try await service.get("/api/failureclassification/")
      let tag = try #require(first.headers["etag"])
      for known in [tag, "\"other\", W/\(tag)", "*"] {
        let second = try await service.get("/api/failureclassification/", ["If-None-Match": known])
        #expect(second.status == 304 && second.body.isEmpty && second.headers["etag"] == tag)
      }
      #expect(try await service.get("/api/failureclassification/", ["If-None-Match": "\"other\""]).status == 200)
      let head = try await service.get("/api/failureclassification/", method: "HEAD")
      #expect(head.status == 200 && head.body.isEmpty && head.headers["etag"] == tag)
    }
  }

  @Test func readinessTellsWhatIsNotInOrder() async throws {
    // A reference that the check and the test share.
    final class Broker: Sendable { let isUp = Mutex(true) }
    let broker = Broker()
    var configuration = WebServer.Configuration()
    configuration.readiness = [ReadinessCheck(name: "broker") { broker.isUp.withLock { $0 } }]
    try await TestService.run(.sqlite, configuration) { service in
      let ready = try await service.get("/health/ready")
      #expect(ready.status == 200 && ready.body == #"{"status":"ok","checks":{"store":"ok","broker":"ok"}}"#)
      broker.isUp.withLock { $0 = false }
      let unready = try await service.get("/health/ready")
      #expect(unready.status == 503)
      #expect(unready.body == #"{"status":"unavailable","checks":{"store":"ok","broker":"unavailable"}}"#)
      #expect(try await service.get("/health/live").status == 200)
    }
  }

  @Test func whatGoesWrongInsideIsInTheLogAndNotInTheAnswer() async throws {
    let recorder = LogRecorder()
    try await TestService.run(.sqlite, logger: recorder.logger) { service in
      try await service.ingest([TestService.message("a")])
      try await service.store.engine.write { try $0.execute("alter table job_log rename to elsewhere") }
      let answer = try await service.get("/api/project/orchard/job-log-url/?job_id=1", ["X-Request-ID": "the-one"])
      #expect(answer.status == 500 || answer.status == 503)
      #expect(!answer.body.contains("job_log") && !answer.body.contains("select"))
      #expect(
        recorder.lines.contains { $0.text.contains("the-one") && $0.text.contains("job_log") }, "\(recorder.lines)")
      try await service.store.engine.write { try $0.execute("alter table elsewhere rename to job_log") }
    }
  }

  @Test(arguments: [
    ("127.0.0.1:80", ListenAddress(host: "127.0.0.1", port: 80)), ("[::1]:0", ListenAddress(host: "::1", port: 0)),
    ("host:65535", ListenAddress(host: "host", port: 65_535)), (":80", nil), ("host", nil), ("host:", nil),
    ("host:65536", nil), ("host:+1", nil), ("::1:80", nil),
  ])
  func addressesAreRead(_ text: String, _ address: ListenAddress?) {
    #expect(ListenAddress(text) == address)
    if let address { #expect("\(address)" == text) }
  }

  @Test func anAddressThatIsTakenIsAnErrorThatNamesIt() async throws {
    try await TestService.run(.sqlite) { service in
      let second = WebServer(
        .init(address: service.address), store: service.store,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
      let error = await #expect(throws: WebServiceError.self) { try await second.run() }
      #expect(error?.description.contains("\(service.address)") == true)
    }
  }
}
