import Hummingbird
import Support
import Testing

@testable import WebService

/// What becomes of peers that are slow, cut off, or do not speak HTTP.
@Suite struct ConnectionTests {
  /// Reads the whole body before it answers.
  private struct Reading: RouteGroup {
    func register(on router: Router<WebContext>) {
      router.post("read") { request, _ in "\(try await request.body.collect(upTo: 1 << 20).readableBytes) bytes" }
    }
  }

  private static let impatient: WebServer.Configuration = {
    var configuration = WebServer.Configuration(idleTimeout: .milliseconds(800), routes: [Reading()])
    configuration.requestTimeout = .seconds(10)
    return configuration
  }()

  private static func get(_ path: String, _ fields: String = "") -> String {
    "GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
  }

  private static func post(_ length: Int, _ fields: String = "", _ body: String) -> String {
    "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\(fields)\r\n\(body)"
  }

  private func statuses(of pieces: [String], from service: TestService) async throws -> [String] {
    statuses(try await RawConnection.answers(from: service, to: pieces))
  }

  private func statuses(_ text: String) -> [String] {
    text.matches(of: #/HTTP/1\.1 (\d+) /#).map { String($0.output.1) }
  }

  @Test func aRequestWhoseBodyDoesNotComeIsGivenUp() async throws {
    try await TestService.run(.sqlite, Self.impatient) { service in
      let answer = try await RawConnection.answers(from: service, to: [Self.post(10, "", "abc")])
      #expect(statuses(answer) == ["408"] && answer.contains("Connection: close"))
    }
  }

  @Test func aByteNowAndThenDoesNotKeepARequestUp() async throws {
    try await TestService.run(.sqlite, Self.impatient) { service in
      let pieces = [Self.post(1_000, "", "")] + Array(repeating: "x", count: 600)
      let answer = try await RawConnection.answers(from: service, to: pieces, pause: .milliseconds(50))
      #expect(statuses(answer) == ["408"])
    }
  }

  @Test func aHeadThatDoesNotEndIsGivenUp() async throws {
    try await TestService.run(.sqlite, Self.impatient) { service in
      let pieces = ["GET /health/live HTTP/1.1\r\nX-Slow: "] + Array(repeating: "x", count: 600)
      let answer = try await RawConnection.answers(from: service, to: pieces, pause: .milliseconds(50))
      #expect(answer.isEmpty)
    }
  }

  @Test func aBodyThatGoesOnAfterItsAnswerIsNotReadForLong() async throws {
    try await TestService.run(.sqlite, Self.impatient) { service in
      let pieces = [
        "POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n", String(repeating: "x", count: 1_000),
      ]
      let statuses = try await statuses(of: pieces, from: service)
      #expect(statuses == ["404"])
    }
  }

  @Test func tooMuchAheadOfTheBodyIsToldApart() async throws {
    try await TestService.run(.sqlite, Self.impatient) { service in
      let long = String(repeating: "x", count: 100_000)
      for request in [
        Self.get("/health/live", "A: \(long)\r\n"), Self.get("/\(long)"),
        Self.get("/", String(repeating: "A: b\r\n", count: 2_000)),
      ] {
        let statuses = try await statuses(of: [request], from: service)
        #expect(statuses == ["431"])
      }
    }
  }

  @Test func whatIsNoRequestIsABadOne() async throws {
    try await TestService.run(.sqlite, Self.impatient) { service in
      for (bytes, status) in [
        ("\u{0}\u{1}\r\n\r\n", "400"), ("GET\r\n\r\n", "400"), ("GET / HTTP/9.9\r\n\r\n", "505"),
        ("POST /read HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400"),
      ] {
        let statuses = try await statuses(of: [bytes], from: service)
        #expect(statuses == [status])
      }
    }
  }

  @Test func requestsMayComeOneBehindTheOther() async throws {
    try await TestService.run(.sqlite, Self.impatient) { service in
      let requests = [
        Self.get("/health/live"), Self.post(3, "", "abc"), Self.get("/nowhere"),
        Self.get("/health/live", "Connection: Close\r\n"),
      ]
      let answers = try await RawConnection.answers(from: service, to: [requests.joined()])
      #expect(statuses(answers) == ["200", "200", "404", "200"])
      #expect(answers.contains("3 bytes"))
    }
  }

  @Test func aHeadIsAnsweredWithoutABodyWhateverComesOfIt() async throws {
    try await TestService.run(.sqlite, Self.impatient) { service in
      let requests = ["/nowhere", "/api/project/none/jobs/", "/health/live"].map {
        "HEAD \($0) HTTP/1.1\r\nHost: a\r\n\r\n"
      }
      let answers = try await RawConnection.answers(
        from: service, to: [requests.joined() + Self.get("/health/live", "Connection: close\r\n")])
      #expect(statuses(answers) == ["404", "404", "200", "200"])
      #expect(answers.matches(of: /\{/).count == 1, "\(answers)")
    }
  }

  @Test func whoeverAsksWhetherToGoOnIsTold() async throws {
    try await TestService.run(.sqlite, Self.impatient) { service in
      let answers = try await RawConnection.answers(
        from: service, to: [Self.post(3, "Expect: 100-continue\r\nConnection: close\r\n", ""), "abc"],
        pause: .milliseconds(50))
      #expect(statuses(answers) == ["100", "200"] && answers.hasSuffix("3 bytes"))
    }
  }

  @Test func nothingFollowsARequestForAnotherProtocol() async throws {
    try await TestService.run(.sqlite, Self.impatient) { service in
      for request in [
        Self.get("/health/live", "Connection: Upgrade\r\nUpgrade: h2c\r\n"), "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
      ] {
        let answer = try await RawConnection.answers(from: service, to: [request + Self.get("/health/live")])
        #expect(statuses(answer).count == 1 && answer.contains("Connection: close"), "\(answer)")
      }
    }
  }
}
