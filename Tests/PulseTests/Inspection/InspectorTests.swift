import Foundation
import Logging
import Pulse
import RabbitMQ
import Support
import Testing

/// The inspectors with a server that answers as no real one could be made to.
@Suite struct InspectorTests {
  let queue = "queue/u/jo b%/ä"

  func management(_ server: ScriptedHTTPServer, at path: String = "", broker: String) throws -> ManagementAPI {
    try ManagementAPI(server.url + path, broker: try BrokerURL(broker))
  }

  @Test func theManagementAPIIsAskedWithEncodedNamesAndTheBrokersPassword() async throws {
    let server = try ScriptedHTTPServer { _ in .response(200, #"[{"source": "e", "routing_key": "k"}]"#) }
    defer { server.stop() }
    for path in ["", "/", "/api", "/api/"] {
      let inspector = try management(server, at: path, broker: "amqp://user:pa%3Ass@example.org/%2Fv%20h")
      #expect(try await inspector.bindings(of: queue) == [Binding(queue: queue, exchange: "e", routingKey: "k")])
    }
    let token = Data("user:pa:ss".utf8).base64EncodedString()
    #expect(
      Set(server.requests) == [
        .init(target: "/api/queues/%2Fv%20h/queue%2Fu%2Fjo%20b%25%2F%C3%A4/bindings", authorization: "Basic \(token)")
      ])
  }

  @Test func aUserInTheURLComesBeforeTheBrokers() async throws {
    let server = try ScriptedHTTPServer { _ in .response(200, #"{"messages": 7}"#) }
    defer { server.stop() }
    let url = "http://me:secret@127.0.0.1:\(server.port)/prefix"
    let inspector = try ManagementAPI(url, broker: try BrokerURL("amqp://user:password@example.org/"))
    #expect(try await inspector.messageCount(of: "q") == 7)
    let token = Data("me:secret".utf8).base64EncodedString()
    #expect(server.requests == [.init(target: "/prefix/api/queues/%2F/q", authorization: "Basic \(token)")])
    #expect(inspector.description == "the management API at http://127.0.0.1:\(server.port)/prefix")
  }

  @Test func pulseGuardianIsAskedWithTheSlashesAsTheyAreAndNoPassword() async throws {
    let body = #"{"queue_name": "\#(queue)", "bindings": [{"source": "e", "routing_key": "k"}]}"#
    let server = try ScriptedHTTPServer { _ in .response(200, body) }
    defer { server.stop() }
    let bindings = try await PulseGuardian(server.url + "/").bindings(of: queue)
    #expect(bindings == [Binding(queue: queue, exchange: "e", routingKey: "k")])
    #expect(server.requests == [.init(target: "/queue/queue/u/jo%20b%25/%C3%A4/bindings", authorization: nil)])
  }

  @Test(arguments: [
    (ScriptedHTTPServer.Answer.response(500, "[]"), InspectionError.Code.refused, "status 500"),
    (.response(401, "[]"), .refused, "status 401"),
    (.challenge, .refused, "status 401"),
    (.response(204, ""), .refused, "status 204"),
    (.response(200, "garbage"), .unreadable, "not JSON"),
    (.redirection(to: "http://127.0.0.1:1/"), .refused, "redirection"),
    (.hangUp, .unreachable, "closed"),
    (.silence, .timedOut, "within"),
    (.endless(bytes: 1, pause: 20), .timedOut, "within"),
    (.endless(bytes: 1 << 20, pause: 0), .unreadable, "more than"),
  ])
  func whatIsNoAnswerIsAnError(
    _ answer: ScriptedHTTPServer.Answer, _ code: InspectionError.Code, _ words: String
  ) async throws {
    let server = try ScriptedHTTPServer { _ in answer }
    defer { server.stop() }
    // Only what can end in no other way waits for the limit.
    let limit = Duration.milliseconds(code == .timedOut ? 300 : 30_000)
    let broker = try BrokerURL("amqp://user:secret@example.org/")
    let inspectors: [any QueueInspector] = [
      try ManagementAPI(server.url, broker: broker, timeLimit: limit), try PulseGuardian(server.url, timeLimit: limit),
    ]
    for inspector in inspectors {
      let error = await #expect(throws: InspectionError.self) { try await inspector.bindings(of: "queue/u/jobs") }
      #expect(error?.code == code, "\(error?.description ?? "")")
      #expect(error?.description.hasPrefix("\(inspector): ") == true)
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
      #expect(error?.description.contains("secret") == false)
    }
    #expect(server.requests.count == 2, "no question is repeated")
  }

  @Test func nobodyAtTheAddressIsAnError() async throws {
    let server = try ScriptedHTTPServer { _ in .silence }
    server.stop()
    let guardian = try PulseGuardian(server.url)
    try await eventually("the end of the server") {
      do { _ = try await guardian.bindings(of: "q") } catch let error as InspectionError {
        return error.code == .unreachable
      }
      return false
    }
  }

  @Test func aRedirectionDoesNotCarryThePasswordAway() async throws {
    let other = try ScriptedHTTPServer { _ in .response(200, "[]") }
    defer { other.stop() }
    let server = try ScriptedHTTPServer { _ in .redirection(to: other.url) }
    defer { server.stop() }
    let inspector = try management(server, broker: "amqp://user:secret@example.org/")
    await #expect(throws: InspectionError.self) { try await inspector.bindings(of: "q") }
    #expect(other.requests.isEmpty)
  }

  @Test func aQuestionThatIsCancelledEndsAtOnce() async throws {
    let server = try ScriptedHTTPServer { _ in .silence }
    defer { server.stop() }
    let guardian = try PulseGuardian(server.url, timeLimit: .seconds(600))
    let question = Task { try await guardian.bindings(of: "q") }
    try await eventually("the question") { server.requests.count == 1 }
    question.cancel()
    await #expect(throws: CancellationError.self) { try await question.value }
  }

  @Test func aChainAsksUntilOneCanTell() async throws {
    let broken = try ScriptedHTTPServer { _ in .response(500, "") }
    defer { broken.stop() }
    let good = try ScriptedHTTPServer { _ in
      .response(200, #"{"bindings": [{"source": "e", "routing_key": "k"}]}"#)
    }
    defer { good.stop() }
    let log = LogRecorder()
    let api = try management(broken, broker: "amqp://user:password@example.org/")
    let chain = InspectorChain([api, try PulseGuardian(good.url)], logger: log.logger)
    #expect(try await chain.bindings(of: "q") == [Binding(queue: "q", exchange: "e", routingKey: "k")])
    #expect(log.lines.map(\.level) == [.warning])
    #expect(log.lines.first?.text.contains("status 500") == true)
    await #expect(throws: InspectionError.self) { try await chain.messageCount(of: "q") }
    await #expect(throws: InspectionError.self) {
      try await InspectorChain([api, api], logger: log.logger).bindings(of: "q")
    }
  }
}
