import Foundation
import Submission
import Support
import Testing

/// `drover submit` as a user runs it, with a server that checks signatures.
@Suite struct SubmitCommandTests {
  let folder: URL

  init() throws { folder = try Repository.temporaryFolder() }

  private static let credentials = ["DROVER_CLIENT_ID": "orchard-ci", "DROVER_CLIENT_SECRET": "wool-and-wethers"]

  private static func job(_ number: Int) -> JobSubmission {
    var job = JobSubmission()
    (job.revision, job.project, job.guid) = ("e6cd0b4484e7", "orchard", "guid-\(number)")
    return job
  }

  private func file(_ name: String, _ text: String) throws -> String {
    let file = folder.appending(path: name)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  private func lines(_ numbers: Range<Int>) -> String {
    numbers.map { String(decoding: Self.job($0).toJSON(), as: UTF8.self) + "\n" }.joined()
  }

  /// A server that knows one client of each generation.
  private func server() throws -> ScriptedSubmissionServer {
    try ScriptedSubmissionServer { request in
      let now = Int64(Date.now.timeIntervalSince1970)
      do {
        let address = try RequestAddress(
          method: request.method, target: request.target, host: request.headers["host"] ?? "", isSecure: false)
        if OAuth.isSigned(address) {
          try OAuth.Authorization(address).verify(body: request.body, secret: Secret("wool-and-wethers"), now: now)
          return .response(200, body: "{}")
        }
        let accepted = try Hawk.Authorization(request.headers["authorization"] ?? "").verify(
          address, content: .init(type: request.headers["content-type"] ?? "", body: request.body),
          secret: Secret("wool-and-wethers"), now: now)
        let field = try accepted.serverAuthorization(for: .init(type: "application/json", body: Array("{}".utf8)))
        return .response(
          200, headers: ["Server-Authorization": field, "Content-Type": "application/json"], body: "{}")
      } catch {
        return .response(401, body: #"{"detail": "\#(error)"}"#)
      }
    }
  }

  private func submit(
    _ arguments: String..., to url: String, environment: [String: String] = credentials, input: String? = nil
  ) async throws -> Program.Result {
    try await Program(
      Repository.programs.appending(path: "drover"),
      ["submit"] + arguments + ["--server", url, "--project", "orchard"], environment: environment,
      input: input.map { Data($0.utf8) }
    ).result()
  }

  @Test func jobsGoInChunks() async throws {
    let server = try server()
    defer { server.stop() }
    let result = try await submit(
      "jobs", try file("jobs.jsonl", lines(0..<5)), try file("list.json", "[\(lines(5..<6)),\(lines(6..<7))]"),
      "--chunk-size", "3", to: server.url)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors == "7 submitted, 0 invalid, 0 refused\n" && result.output.isEmpty)
    let sent = try server.requests.map { try JobCollection(json: $0.body).elements }
    #expect(sent.map(\.count) == [3, 3, 1])
    #expect(sent.flatMap { $0 } == (0..<7).map { Self.job($0) })
    #expect(Set(server.requests.map(\.target)) == ["/api/project/orchard/jobs/"])
  }

  @Test func everyCollectionHasItsCommand() async throws {
    let server = try server()
    defer { server.stop() }
    let push =
      #"{"revision": "r", "author": "a", "revisions": [{"revision": "r", "repository": "o"}], "extra": 1.50}"#
    let pushed = try await submit("resultset", "-", "--oauth", to: server.url, input: push)
    #expect(pushed.status == 0 && pushed.lastLine == "1 submitted, 0 invalid, 0 refused", "\(pushed.errors)")
    let artifact = #"[{"blob": {"a": 1}, "type": "json", "name": "n", "job_guid": "g"}]"#
    let stored = try await submit("artifact", try file("a.json", artifact), to: server.url)
    #expect(stored.status == 0 && stored.lastLine == "1 submitted, 0 invalid, 0 refused", "\(stored.errors)")
    let paths = server.requests.map { $0.target.prefix { $0 != "?" } }
    #expect(paths == ["/api/project/orchard/resultset/", "/api/project/orchard/artifact/"])
    // A ready structure goes as it is.
    #expect(String(decoding: server.requests[0].body, as: UTF8.self).contains(#""extra":1.50"#))
  }

  @Test func whatIsInvalidStaysBehind() async throws {
    let server = try server()
    defer { server.stop() }
    let path = try file(
      "jobs.jsonl", lines(0..<1) + #"{"revision": "", "job": {}}"# + "\n" + "{nonsense\n" + lines(1..<2))
    let result = try await submit("jobs", path, folder.appending(path: "missing.json").path, to: server.url)
    #expect(result.status == 1)
    let errors = result.errors.split(separator: "\n").map { $0.replacing(folder.path + "/", with: "") }
    #expect(
      errors.map(String.init) == [
        "jobs.jsonl:2: revision: is empty; project: is missing; job: is empty; job.job_guid: is missing",
        "jobs.jsonl:3: line 1, byte 2: the name of a member is asked",
        "drover: missing.json: No such file or directory", "2 submitted, 2 invalid, 0 refused",
      ])
  }

  @Test func aRefusedChunkIsToldWithItsLines() async throws {
    let server = try ScriptedSubmissionServer { request in
      request.number == 0 ? .response(400, body: #"{"message": "no such state"}"#) : .response(200, body: "{}")
    }
    defer { server.stop() }
    let path = try file("jobs.jsonl", lines(0..<3))
    let result = try await submit("jobs", path, "--chunk-size", "2", to: server.url, environment: [:])
    #expect(result.status == 1)
    #expect(
      result.errors == """
        \(path):1 to \(path):2, 2 jobs: the server refused the jobs (status 400): no such state
        1 submitted, 0 invalid, 2 refused

        """)
  }

  @Test func aWrongSecretIsStatus2AndNotRepeated() async throws {
    let server = try server()
    defer { server.stop() }
    let environment = ["DROVER_CLIENT_ID": "orchard-ci", "DROVER_CLIENT_SECRET": "linen"]
    let path = try file("jobs.jsonl", lines(0..<3))
    let result = try await submit(
      "jobs", path, "--chunk-size", "2", "--log-level", "trace", to: server.url, environment: environment)
    #expect(result.status == 2)
    #expect(result.errors.contains("drover: the server does not accept the credentials (status 401)"))
    #expect(result.lastLine == "0 submitted, 0 invalid, 0 refused")
    #expect(!result.errors.contains("linen") && server.requests.count == 1)
  }

  @Test func nobodyThereIsStatus3() async throws {
    let (descriptor, port) = try Loopback.listen()
    close(descriptor)
    let path = try file("jobs.jsonl", lines(0..<1))
    let result = try await submit("jobs", path, "--log-level", "error", to: "http://127.0.0.1:\(port)")
    #expect(result.status == 3)
    #expect(
      result.errors == """
        \(path):1: not submitted
        drover: 127.0.0.1:\(port): Connection refused
        0 submitted, 0 invalid, 0 refused

        """)
  }

  @Test func halfOfTheCredentialsIsStatus2() async throws {
    let path = try file("jobs.jsonl", lines(0..<1))
    for (arguments, environment, part) in [
      ([], ["DROVER_CLIENT_ID": "a"], "DROVER_CLIENT_SECRET"), ([], ["DROVER_CLIENT_SECRET": "linen"], "--client-id"),
      (["--oauth"], [:], "--client-id"), (["--client-id", "a"], [:], "DROVER_CLIENT_SECRET"),
      (["--chunk-size", "0"], [:], "--chunk-size is at least 1"),
    ] as [([String], [String: String], String)] {
      let result = try await Program(
        Repository.programs.appending(path: "drover"),
        ["submit", "jobs", path, "--server", "http://127.0.0.1:1", "--project", "orchard"] + arguments,
        environment: environment
      ).result()
      #expect(
        result.status == 2 && result.errors.contains(part) && !result.errors.contains("linen"), "\(result.errors)")
    }
    let wrong = try await submit("jobs", path, to: "ftp://example.org")
    #expect(wrong.status == 2 && wrong.errors.contains("the server's URL cannot be used"))
  }

  @Test func theEndCanBeAskedForWhileAServerFails() async throws {
    let server = try ScriptedSubmissionServer { _ in .response(503, headers: ["Retry-After": "200"]) }
    defer { server.stop() }
    let program = try Program(
      Repository.programs.appending(path: "drover"),
      ["submit", "jobs", try file("jobs.jsonl", lines(0..<1)), "--server", server.url, "--project", "orchard"])
    try await eventually("the pause") { try program.errorsSoFar().contains("once more in") }
    program.send(SIGTERM)
    let result = try await program.result()
    #expect(result.status == 3 && !result.wasKilled)
    #expect(result.errors.contains("the server failed (status 503)"))
    #expect(result.lastLine == "0 submitted, 0 invalid, 0 refused" && server.requests.count == 1)
  }
}
