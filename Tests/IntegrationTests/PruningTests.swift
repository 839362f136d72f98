import Foundation
import Logging
import Pulse
import RabbitMQ
import Support
import Testing

/// Bindings that neither the configuration nor the store knows, with a real broker's management API.
@Suite struct PruningTests {
  let folder: URL
  let name = PrivateBroker.uniqueName("pruning")
  let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  init() throws { folder = try Repository.temporaryFolder() }

  var exchange: String { "exchange/\(PrivateBroker.user)/\(name)" }
  var queue: String { "queue/\(PrivateBroker.user)/\(name)" }

  func listen(_ options: [String] = [], _ settings: [String: String] = [:]) async throws -> Program.Result {
    let config = folder.appending(path: "exchanges.json")
    try Data(#"[{"exchange": "\#(exchange)", "destinations": ["d"], "projects": ["wanted"]}]"#.utf8).write(to: config)
    let environment = [
      "PULSE_URL": try await PrivateBroker.shared().url, "DROVER_CONFIG": config.path,
      "DROVER_STORE": "sqlite:\(folder.appending(path: "store.db").path)",
    ]
    return try await Program(
      Repository.programs.appending(path: "drover"), ["listen", "--queue", name, "--until-empty"] + options,
      environment: environment.merging(settings) { $1 }
    ).result()
  }

  func withChannel<Value>(_ body: (Channel) async throws -> Value) async throws -> Value {
    let connection = try await Connection.open(
      try BrokerURL(try await PrivateBroker.shared().url), options: .init(name: "test"), logger: logger)
    do {
      let value = try await body(try await connection.openChannel())
      await connection.close()
      return value
    } catch {
      await connection.close()
      throw error
    }
  }

  func bindByHand() async throws {
    try await withChannel { try await $0.bind(Binding(queue: queue, exchange: exchange, routingKey: "d.hand")) }
  }

  func management() async throws -> String { "http://127.0.0.1:\(try await PrivateBroker.shared().managementPort)" }

  /// The keys that the queue is bound by, as the management API itself tells them.
  func keys() async throws -> Set<String> {
    let broker = try await PrivateBroker.shared()
    let api = try ManagementAPI(try await management(), broker: try BrokerURL(broker.url))
    let bindings = try await api.bindings(of: queue)
    #expect(bindings.allSatisfy { $0.exchange == exchange && $0.queue == queue })
    return Set(bindings.map(\.routingKey))
  }

  @Test func aBindingMadeByHandIsPrunedWhereTheManagementAPIIsGivenAndOnlyThere() async throws {
    #expect(try await listen().status == 0)
    try await bindByHand()
    #expect(try await listen().status == 0)
    #expect(try await keys() == ["d.wanted", "d.hand"])
    #expect(try await listen(["--no-prune", "--management", try await management()]).status == 0)
    #expect(try await keys() == ["d.wanted", "d.hand"])

    let pruned = try await listen(["--management", try await management()])
    #expect(pruned.status == 0)
    #expect(pruned.errors.contains("removed a binding"))
    #expect(try await keys() == ["d.wanted"])

    try await bindByHand()
    #expect(try await listen([], ["PULSE_MANAGEMENT_URL": try await management()]).status == 0)
    #expect(try await keys() == ["d.wanted"])
  }

  @Test func aBindingMadeByHandIsPrunedByWhatPulseGuardianTells() async throws {
    #expect(try await listen().status == 0)
    try await bindByHand()
    let bindings = ["", exchange, exchange].enumerated().map { index, source in
      #"{"source": "\#(source)", "routing_key": "\#([queue, "d.wanted", "d.hand"][index])"}"#
    }
    let body = #"{"queue_name": "\#(queue)", "bindings": [\#(bindings.joined(separator: ","))]}"#
    let guardian = try ScriptedHTTPServer { _ in .response(200, body) }
    defer { guardian.stop() }
    #expect(try await listen([], ["PULSE_GUARDIAN_URL": guardian.url]).status == 0)
    #expect(guardian.requests.map(\.target) == ["/queue/\(queue)/bindings"])
    #expect(try await keys() == ["d.wanted"])
  }

  @Test func aListenerListensWhereNobodyCanTellAndSaysThatNothingWasPruned() async throws {
    #expect(try await listen().status == 0)
    try await bindByHand()
    let guardian = try ScriptedHTTPServer { _ in .response(500, "") }
    defer { guardian.stop() }
    // Nothing listens on port 1.
    let result = try await listen(
      ["--management", "http://me:secret@127.0.0.1:1", "--pulse-guardian", guardian.url])
    #expect(result.status == 0)
    #expect(result.lastLine == "0 stored, 0 waiting, 0 rejected, 0 duplicates")
    #expect(result.errors.contains("the management API at http://127.0.0.1:1: "), "\(result.errors)")
    #expect(result.errors.contains("nothing was pruned by what the broker has"))
    #expect(result.errors.contains("status 500"))
    #expect(!result.errors.contains("secret"))
    #expect(try await keys() == ["d.wanted", "d.hand"])
  }

  @Test func aWrongURLEndsTheCommandBeforeItConnects() async throws {
    let result = try await listen(["--management", "http://me:sec/ret@localhost"])
    #expect(result.status == 2)
    #expect(result.errors.contains("URL of the management API: "), "\(result.errors)")
    #expect(!result.errors.contains("ret@"))
  }

  @Test func theManagementAPICountsMessagesAndKnowsWhatItDoesNotKnow() async throws {
    let broker = try await PrivateBroker.shared()
    let url = try BrokerURL(broker.url)
    let api = try ManagementAPI(try await management(), broker: url)
    let unknown = await #expect(throws: InspectionError.self) { try await api.bindings(of: queue) }
    #expect(unknown?.code == .unknownQueue)
    let stranger = try ManagementAPI("http://drover:wrong@127.0.0.1:\(broker.managementPort)", broker: url)
    let refused = await #expect(throws: InspectionError.self) { try await stranger.bindings(of: queue) }
    #expect(refused?.code == .refused)
    #expect(refused?.description.contains("status 401") == true, "\(refused?.description ?? "")")

    #expect(try await listen().status == 0)
    try await withChannel { channel in
      let publisher = try await channel.confirmingPublisher()
      let message = Message(exchange: exchange, routingKey: "d.wanted", body: [7])
      _ = await publisher.submit([message, message, message]).outcomes
    }
    try await eventually("the count") { try await api.messageCount(of: queue) == 3 }
  }
}
