import Foundation
import Logging
import Support
import Synchronization
import Testing

@testable import Submission

@Suite struct SubmissionClientTests {
  private let jobs = JobCollection([CollectionTests.job()])
  private static let hawk = SubmissionCredentials.hawk(SignedSample.credentials)

  /// Posts the sample once, and ends the client.
  private func post(
    _ url: String, _ credentials: SubmissionCredentials = hawk,
    _ configuration: SubmissionConfiguration = Pauses().configuration()
  ) async throws(SubmissionError) -> SubmissionAnswer {
    let client = try SubmissionClient(server: url, credentials: credentials, configuration: configuration)
    let result: Result<SubmissionAnswer, SubmissionError>
    do throws(SubmissionError) {
      result = .success(try await client.post(jobs, to: "orchard"))
    } catch {
      result = .failure(error)
    }
    await client.shutdown()
    return try result.get()
  }

  private func failure(
    _ url: String, _ credentials: SubmissionCredentials = hawk,
    _ configuration: SubmissionConfiguration = Pauses().configuration()
  ) async -> SubmissionError? {
    do throws(SubmissionError) {
      _ = try await post(url, credentials, configuration)
      return nil
    } catch {
      return error
    }
  }

  @Test func aCollectionArrivesAndItsAnswerIsChecked() async throws {
    let server = try ScriptedSubmissionServer { HawkServer().answer($0) }
    defer { server.stop() }
    let answer = try await post(server.url + "//")
    #expect(answer.status == 200 && answer.message == "Job successfully updated")
    let request = try #require(server.requests.first)
    #expect(request.method == "POST" && request.target == "/api/project/orchard/jobs/")
    #expect(request.headers["accept"] == "application/json; version=1.0")
    #expect(request.headers["content-type"] == "application/json")
    #expect(request.headers["user-agent"] == "drover-submission/0.1.0")
    #expect(request.body == jobs.toJSON())
  }

  @Test func everyEndpointHasItsPath() async throws {
    let server = try ScriptedSubmissionServer { HawkServer().answer($0, #"{"resultsets": [7, 8]}"#) }
    defer { server.stop() }
    let client = try SubmissionClient(server: server.url + "/treeherder", credentials: Self.hawk)
    var push = ResultSetSubmission()
    (push.revision, push.author) = ("a", "b")
    var revision = RevisionSubmission()
    (revision.revision, revision.repository) = ("a", "orchard")
    push.add(revision)
    let answer = try await client.post(ResultSetCollection([push]), to: "or chard")
    #expect(answer.resultSetIDs == [7, 8])
    let artifact = ArtifactSubmission(name: "Job Info", type: "json", blob: ["job_details": []], jobGUID: "g")
    try await client.post(ArtifactCollection([artifact]), to: "orchard")
    await client.shutdown()
    #expect(
      server.requests.map(\.target) == [
        "/treeherder/api/project/or%20chard/resultset/", "/treeherder/api/project/orchard/artifact/",
      ])
  }

  @Test func oauthSignsTheQuery() async throws {
    let server = try ScriptedSubmissionServer { request in
      do {
        let address = try RequestAddress(
          method: request.method, target: request.target, host: request.headers["host"] ?? "", isSecure: false)
        let authorization = try OAuth.Authorization(address)
        try authorization.verify(
          body: request.body, secret: OAuthTests.credentials.secret, now: Int64(Date.now.timeIntervalSince1970))
        return .response(200, body: #"{"message": "\#(authorization.user)"}"#)
      } catch {
        return .response(401, body: "\(error)")
      }
    }
    defer { server.stop() }
    #expect(try await post(server.url, .oauth(OAuthTests.credentials)).message == "orchard")
    #expect(server.requests[0].headers["authorization"] == nil)
    let wrong = OAuth.Credentials(consumerKey: "orchard-key", secret: Secret("x"))
    #expect(await failure(server.url, .oauth(wrong))?.code == .unauthorized)
  }

  @Test func withoutCredentialsNothingIsSigned() async throws {
    let server = try ScriptedSubmissionServer { _ in .response(201, body: "stored") }
    defer { server.stop() }
    let answer = try await post(server.url, .none)
    #expect(answer == SubmissionAnswer(status: 201, data: nil))
    #expect(server.requests[0].headers["authorization"] == nil)
    #expect(server.requests[0].target == "/api/project/orchard/jobs/")
  }

  @Test func aFailingServerIsTriedAgainWithANewSignature() async throws {
    let server = try ScriptedSubmissionServer { request in
      request.number < 3 ? .response([500, 502, 503][request.number]) : HawkServer().answer(request)
    }
    defer { server.stop() }
    let pauses = Pauses()
    #expect(try await post(server.url, Self.hawk, pauses.configuration()).status == 200)
    #expect(pauses.all.count == 3)
    let nonces = try server.requests.map { try Hawk.Authorization($0.headers["authorization"] ?? "").nonce }
    #expect(Set(nonces).count == 4)
  }

  @Test func aServerThatFailsOnIsGivenUp() async throws {
    let server = try ScriptedSubmissionServer { _ in
      .response(503, headers: ["Content-Type": "text/html"], body: "<h1>down</h1>")
    }
    defer { server.stop() }
    let error = try #require(await failure(server.url))
    #expect(error.code == .serverFailed && error.status == 503 && error.isRetriable)
    #expect(error.description == "the server failed (status 503)")
    #expect(server.requests.count == 5)
  }

  @Test func theServersWishToWaitIsHonoured() async throws {
    let server = try ScriptedSubmissionServer { request in
      switch request.number {
      case 0: .response(429, headers: ["Retry-After": "77"])
      case 1: .response(503, headers: ["retry-after": "88"])
      default: HawkServer().answer(request)
      }
    }
    defer { server.stop() }
    let pauses = Pauses()
    #expect(try await post(server.url, Self.hawk, pauses.configuration()).status == 200)
    #expect(pauses.all == [.seconds(77), .seconds(88)])
  }

  @Test func aServerThatAsksForAnHourIsNotWaitedFor() async throws {
    let server = try ScriptedSubmissionServer { _ in .response(429, headers: ["Retry-After": "3600"]) }
    defer { server.stop() }
    let error = try #require(await failure(server.url))
    #expect(error.code == .tooManyRequests && error.isRetriable)
    #expect(server.requests.count == 1)
  }

  @Test(
    arguments: [
      .hangUp, .reset, .bytes("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"mess"),
      .bytes("HTTP/1.1 200 OK\r\nCont"),
      .bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"mes"),
    ] as [ScriptedSubmissionServer.Answer])
  func aConnectionThatBreaksIsTriedAgain(_ broken: ScriptedSubmissionServer.Answer) async throws {
    let server = try ScriptedSubmissionServer { $0.number < 2 ? broken : HawkServer().answer($0) }
    defer { server.stop() }
    let pauses = Pauses()
    #expect(try await post(server.url, Self.hawk, pauses.configuration()).status == 200)
    #expect(pauses.all.count == 2)
    let stubborn = try ScriptedSubmissionServer { _ in broken }
    defer { stubborn.stop() }
    let error = try #require(await failure(stubborn.url, Self.hawk, Pauses().configuration(attempts: 2)))
    #expect(error.code == .connectionLost && error.isRetriable, "\(error)")
    #expect(stubborn.requests.count == 2)
  }

  @Test func nobodyThereIsUnreachable() async throws {
    let server = try ScriptedSubmissionServer { _ in .hangUp }
    server.stop()
    try await eventually("the end of the listener") {
      await failure(server.url, .none, Pauses().configuration(attempts: 1))?.code == .unreachable
    }
    let pauses = Pauses()
    let error = try #require(await failure(server.url, Self.hawk, pauses.configuration(attempts: 3)))
    #expect(error.code == .unreachable && error.isRetriable)
    #expect(error.description == "127.0.0.1:\(server.port): Connection refused")
    #expect(pauses.all.count == 2)
  }

  @Test func aHostThatDoesNotExistIsUnreachable() async throws {
    let error = try #require(
      await failure("http://no-such-host.invalid", .none, Pauses().configuration(attempts: 1)))
    #expect(error.code == .unreachable, "\(error)")
    #expect(error.description.hasPrefix("no-such-host.invalid: "))
  }

  @Test func aCertificateThatNobodyKnowsIsNotAccepted() async throws {
    let peer = try await TLSPeer(TestCertificates.shared().server, "-www")
    let pauses = Pauses()
    let error = try #require(
      await failure("https://localhost:\(peer.port)", Self.hawk, pauses.configuration(attempts: 3)))
    #expect(error.code == .unreachable && !error.isRetriable && pauses.all.isEmpty)
    #expect(error.description == "localhost:\(peer.port): the server's certificate is not accepted")
  }

  @Test func aServerWithoutTLSIsTold() async throws {
    let server = try ScriptedSubmissionServer { HawkServer().answer($0) }
    defer { server.stop() }
    let url = server.url.replacing("http:", with: "https:")
    var configuration = Pauses().configuration(attempts: 1)
    configuration.connectTimeout = .milliseconds(200)
    let error = try #require(await failure(url, Self.hawk, configuration))
    #expect([.unreachable, .connectionLost, .timedOut].contains(error.code) && server.requests.isEmpty, "\(error)")
  }

  @Test func aServerThatSpeaksNoHTTPIsNotTriedAgain() async throws {
    let server = try ScriptedSubmissionServer { _ in .bytes("220 mail.example.org ESMTP\r\n\r\n") }
    defer { server.stop() }
    let error = try #require(await failure(server.url))
    #expect(error.code == .unexpectedAnswer && server.requests.count == 1, "\(error)")
  }

  @Test func silenceHasAnEnd() async throws {
    let server = try ScriptedSubmissionServer { _ in .silence }
    defer { server.stop() }
    var configuration = Pauses().configuration(attempts: 2)
    // Nothing is sent in time, whatever the machine does: only that it ends is looked at.
    configuration.requestTimeout = .milliseconds(100)
    let error = try #require(await failure(server.url, Self.hawk, configuration))
    #expect(error.code == .timedOut && error.isRetriable)
    #expect(error.description == "127.0.0.1:\(server.port): no answer came in time")
  }

  @Test func anAnswerWithoutAnEndIsNotRead() async throws {
    let server = try ScriptedSubmissionServer { _ in .response(200, body: String(repeating: " ", count: 2_000)) }
    defer { server.stop() }
    var configuration = Pauses().configuration()
    configuration.maximumAnswerSize = 1_000
    let error = try #require(await failure(server.url, .none, configuration))
    #expect(error.code == .unexpectedAnswer && error.description.contains("too long"), "\(error)")
  }

  @Test(
    arguments: [
      (400, .refused, #"{"message": "no\njobs"}"#, "the server refused the jobs (status 400): no jobs"),
      (401, .unauthorized, #"{"detail": "stale"}"#, "the server does not accept the credentials (status 401): stale"),
      (403, .forbidden, "", "the credentials are not for the project orchard (status 403)"),
      (404, .unknownProject, "{}", "the server knows no project orchard (status 404)"),
      (406, .unsupportedVersion, "[]", "the server does not speak version 1.0 of the interface (status 406)"),
      (
        302, .unexpectedAnswer, "",
        "the server is somewhere else, and signed requests are not redirected (status 302)"
      ),
      (418, .unexpectedAnswer, #""tea""#, "the server gave an answer that is none here (status 418): tea"),
    ] as [(Int, SubmissionError.Code, String, String)])
  func everyRefusalIsToldAndNotTriedAgain(
    _ status: Int, _ code: SubmissionError.Code, _ body: String, _ description: String
  ) async throws {
    let server = try ScriptedSubmissionServer { _ in .response(status, headers: ["Location": "/x"], body: body) }
    defer { server.stop() }
    let error = try #require(await failure(server.url))
    #expect(error.code == code && error.status == status && !error.isRetriable)
    #expect(error.description == description)
    #expect(server.requests.count == 1)
  }

  @Test func aLongReasonIsCutAndASecretInItHidden() async throws {
    let server = try ScriptedSubmissionServer { _ in
      .response(413, body: "wool-and-wethers\u{1B}[2J\r\n" + String(repeating: "x", count: 100_000))
    }
    defer { server.stop() }
    let error = try #require(await failure(server.url))
    #expect(error.code == .tooLarge)
    #expect(error.description.count < 400 && error.description.contains(": … [2J xxx"), "\(error)")
    #expect(!error.description.contains("wool"))
  }

  @Test(
    arguments: [
      nil, "Hawk mac=\"x\", hash=\"y\"", "Bearer x",
      "Hawk mac=\"e7tT7304K5WpGPh/OXtaGXenyHUVznuIzl9rAq6C6bw=\", hash=\"MDrRIz7Pl2q44+IVZp1E3OXnXwlcKIXXHtX7Ltx0MJo=\"",
    ] as [String?])
  func anAnswerThatIsNotSignedRightIsNotBelieved(_ field: String?) async throws {
    let server = try ScriptedSubmissionServer { _ in
      .response(200, headers: field.map { ["Server-Authorization": $0] } ?? [:], body: "{}")
    }
    defer { server.stop() }
    let error = try #require(await failure(server.url))
    #expect(error.code == .untrustedAnswer && error.underlying is SignatureError && !error.isRetriable)
    // It may have been stored: sending it again would not make it better.
    #expect(server.requests.count == 1)
    var lenient = Pauses().configuration()
    lenient.requiresSignedAnswers = false
    #expect(await failure(server.url, Self.hawk, lenient)?.code == (field == nil ? nil : .untrustedAnswer))
  }

  @Test func aBodyThatWasChangedOnItsWayIsNotBelieved() async throws {
    let server = try ScriptedSubmissionServer { request in
      guard case .response(let status, let headers, _) = HawkServer().answer(request) else { return .hangUp }
      return .response(status, headers: headers, body: #"{"message": "Job successfully updatef"}"#)
    }
    defer { server.stop() }
    let error = try #require(await failure(server.url))
    #expect((error.underlying as? SignatureError)?.code == .badHash)
  }

  @Test func aWrongClockIsCorrectedOnceByAServerThatHasTheSecret() async throws {
    let later = HawkServer(now: { Int64(Date.now.timeIntervalSince1970) + 5_000 })
    let server = try ScriptedSubmissionServer { later.answer($0) }
    defer { server.stop() }
    let client = try SubmissionClient(
      server: server.url, credentials: Self.hawk, configuration: Pauses().configuration(attempts: 1))
    try await client.post(jobs, to: "orchard")
    try await client.post(jobs, to: "orchard")
    await client.shutdown()
    #expect(server.requests.count == 3)

    let stranger = HawkServer(now: { 5_000 }, secret: Secret("another"))
    let other = try ScriptedSubmissionServer { _ in
      .response(401, headers: ["WWW-Authenticate": Hawk.staleChallenge(now: 5_000, secret: stranger.secret)])
    }
    defer { other.stop() }
    #expect(await failure(other.url)?.code == .unauthorized)
    #expect(other.requests.count == 1)
  }

  @Test func nothingInvalidIsSent() async throws {
    let server = try ScriptedSubmissionServer { HawkServer().answer($0) }
    defer { server.stop() }
    let client = try SubmissionClient(server: server.url, credentials: Self.hawk)
    func code(_ jobs: JobCollection, _ project: String = "orchard") async -> SubmissionError.Code? {
      do throws(SubmissionError) {
        try await client.post(jobs, to: project)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(await code(JobCollection([JobSubmission()])) == .invalidSubmission)
    #expect(await code(JobCollection()) == .invalidSubmission)
    for project in ["", ".", "..", "a/b"] { #expect(await code(jobs, project) == .invalidConfiguration) }
    await client.shutdown()
    #expect(server.requests.isEmpty)
  }

  @Test(arguments: [
    "", "example.org", "ftp://x/", "http://user:wool@example.org/", "http://example.org/?a", "http://x/#a",
  ])
  func whatIsNoServerIsRefused(_ url: String) {
    do throws(SubmissionError) {
      _ = try SubmissionClient(server: url)
      Issue.record("\(url) was taken")
    } catch {
      #expect(error.code == .invalidConfiguration && !error.description.contains("wool"))
    }
  }

  @Test func credentialsThatCannotBeSentAreAConfigurationError() async throws {
    let credentials = SubmissionCredentials.hawk(.init(id: "a\"b", secret: SignedSample.secret))
    #expect(await failure("http://127.0.0.1:1", credentials)?.code == .invalidConfiguration)
  }

  @Test func aRefusedChunkDoesNotKeepTheOthersBack() async throws {
    let server = try ScriptedSubmissionServer { request in
      request.number == 1 ? .response(400, body: #"{"message": "no"}"#) : HawkServer().answer(request)
    }
    defer { server.stop() }
    let client = try SubmissionClient(server: server.url, credentials: Self.hawk)
    let many = JobCollection((0..<8).map { CollectionTests.job($0) })
    let seen = Mutex<[Range<Int>]>([])
    let report = await client.submit(many, to: "orchard", chunkSize: 3) { chunk in
      seen.withLock { $0.append(chunk.elements) }
    }
    await client.shutdown()
    #expect(report.submitted == 5 && report.firstError?.code == .refused)
    #expect(report.chunks.map(\.elements) == [0..<3, 3..<6, 6..<8] && seen.withLock { $0 } == [0..<3, 3..<6, 6..<8])
    let sent = try server.requests.flatMap { try JobCollection(json: $0.body).elements }
    #expect(sent == many.elements)
  }

  @Test func aFailureOfTheServerEndsAllChunks() async throws {
    let server = try ScriptedSubmissionServer { request in
      request.number == 1 ? .response(403) : HawkServer().answer(request)
    }
    defer { server.stop() }
    let client = try SubmissionClient(server: server.url, credentials: Self.hawk)
    let report = await client.submit(
      JobCollection((0..<8).map { CollectionTests.job($0) }), to: "orchard", chunkSize: 3)
    await client.shutdown()
    #expect(report.submitted == 3 && report.firstError?.code == .forbidden && server.requests.count == 2)
  }

  @Test func shutdownWaitsForWhatIsUnderWay() async throws {
    let gate = DispatchSemaphore(value: 0)
    let server = try ScriptedSubmissionServer { request in
      gate.wait()
      return HawkServer().answer(request)
    }
    defer { server.stop() }
    let client = try SubmissionClient(server: server.url, credentials: Self.hawk)
    let jobs = jobs
    async let posted = client.post(jobs, to: "orchard")
    try await eventually("the request") { server.requests.count == 1 }
    async let ended: Void = client.shutdown()
    try await eventually("the beginning of the end") { await client.isClosed }
    gate.signal()
    #expect(try await posted.status == 200)
    await ended
    await client.shutdown()
    do throws(SubmissionError) {
      try await client.post(jobs, to: "orchard")
      Issue.record("it was sent")
    } catch {
      #expect(error.code == .closed)
    }
    #expect(server.requests.count == 1)
  }

  @Test func shutdownEndsAPause() async throws {
    let server = try ScriptedSubmissionServer { _ in .response(500) }
    defer { server.stop() }
    var configuration = SubmissionConfiguration()
    let isPausing = Mutex(false)
    configuration.pause = { _ in
      isPausing.withLock { $0 = true }
      try await Task.sleep(for: .seconds(3_600))
    }
    let client = try SubmissionClient(server: server.url, credentials: Self.hawk, configuration: configuration)
    let jobs = jobs
    let posted = Task {
      do throws(SubmissionError) {
        try await client.post(jobs, to: "orchard")
        return nil as SubmissionError.Code?
      } catch {
        return error.code
      }
    }
    try await eventually("the pause") { isPausing.withLock { $0 } }
    await client.shutdown()
    #expect(await posted.value == .serverFailed)
    #expect(server.requests.count == 1)
  }

  @Test(arguments: [true, false])
  func aTaskThatIsCancelledWaitsForNothing(_ isPause: Bool) async throws {
    let server = try ScriptedSubmissionServer { _ in isPause ? .response(500) : .silence }
    defer { server.stop() }
    var configuration = SubmissionConfiguration()
    let isPausing = Mutex(false)
    configuration.pause = { _ in
      isPausing.withLock { $0 = true }
      try await Task.sleep(for: .seconds(3_600))
    }
    let client = try SubmissionClient(server: server.url, credentials: Self.hawk, configuration: configuration)
    let jobs = jobs
    let posted = Task {
      do throws(SubmissionError) {
        try await client.post(jobs, to: "orchard")
        return nil as SubmissionError.Code?
      } catch {
        return error.code
      }
    }
    try await eventually("the request") {
      isPause ? isPausing.withLock { $0 } : server.requests.count == 1
    }
    posted.cancel()
    #expect(await posted.value == .cancelled)
    await client.shutdown()
  }

  @Test func whatIsLoggedHasNoSecretInIt() async throws {
    let server = try ScriptedSubmissionServer { request in
      request.number == 0
        ? .response(500, body: "\(request.headers["authorization"] ?? "") wool-and-wethers")
        : HawkServer().answer(request)
    }
    defer { server.stop() }
    let recorder = LogRecorder()
    let client = try SubmissionClient(
      server: server.url, credentials: Self.hawk, configuration: Pauses().configuration(),
      logger: recorder.logger)
    try await client.post(jobs, to: "orchard")
    await client.shutdown()
    let text = recorder.lines.map(\.text).joined(separator: "\n")
    let field = try #require(server.requests[0].headers["authorization"])
    let mac = try HawkAttributes(field, allowed: ["id", "ts", "nonce", "hash", "mac"]).required("mac")
    #expect(text.contains("once more in") && !text.contains("wool") && !text.contains(mac), "\(text)")
  }
}
