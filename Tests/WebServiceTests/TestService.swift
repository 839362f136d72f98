import Foundation
import Ingestion
import Logging
import ServiceLifecycle
import Support
import Testing

@testable import JobStore
@testable import WebService

/// A server on a free port, over a store of a test's own.
struct TestService {
  let store: DatabaseStore
  let address: ListenAddress
  private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  /// Runs `body` while a server runs over a new store, and waits for the server's orderly end.
  static func run(
    _ backend: Backend, _ configuration: WebServer.Configuration = .init(), logger: Logger = quiet,
    _ body: @escaping @Sendable (TestService) async throws -> Void
  ) async throws {
    let store = try #require(try StoreURL(await backend.makeDatabase()).open() as? DatabaseStore)
    try await store.migrate()
    let (addresses, continuation) = AsyncStream.makeStream(of: ListenAddress.self)
    var configuration = configuration
    configuration.address = ListenAddress(host: "127.0.0.1", port: 0)
    let server = WebServer(configuration, store: store, logger: logger) { continuation.yield($0) }
    let group = ServiceGroup(
      configuration: .init(
        services: [.init(service: server, successTerminationBehavior: .gracefullyShutdownGroup)], logger: logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask {
        defer { continuation.finish() }
        try await group.run()
      }
      tasks.addTask {
        for await address in addresses {
          do { try await body(TestService(store: store, address: address)) } catch {
            await group.triggerGracefulShutdown()
            throw error
          }
          break
        }
        await group.triggerGracefulShutdown()
      }
      try await tasks.waitForAll()
    }
    #expect(try await store.check() == [])
    try await store.close()
  }

  // MARK: Filling

  /// Ingests messages as a listener does.
  func ingest(_ messages: [String]) async throws {
    let batch = try await MessageReader(logger: Self.quiet).read(
      messages.map {
        MessageReader.Message(
          exchange: "exchange/u/v1/jobs", routingKey: "treeherder.orchard", body: Array($0.utf8), receivedTime: 1)
      })
    let pipeline = Pipeline(into: store, policy: LoadPolicy(), logger: Self.quiet)
    let outcomes = try await pipeline.ingest(batch)
    #expect(outcomes.allSatisfy { $0 == .stored || $0 == .duplicate })
  }

  /// A job's message.
  static func message(
    _ task: String, _ state: String = "pending", revision: String = Self.revision, project: String = "orchard",
    result: String = "success", _ rest: String = ""
  ) -> String {
    let result = state == "completed" ? #", "result": "\#(result)""# : ""
    return """
      {"taskId": "\(task)", "buildSystem": "ci", "state": "\(state)", "jobKind": "test", "version": 1,
       "origin": {"project": "\(project)", "revision": "\(revision)"},
       "display": {"jobName": "mochitest", "jobSymbol": "M", "groupSymbol": "T", "groupName": "Tests"}\(result)\(rest)}
      """
  }

  /// The revision of ``message(_:_:revision:project:result:_:)``.
  static let revision = "ba0d49136409ae56d053e5873d34a305eeb6f770"

  /// A push, the revisions of which are told with it.
  func push(_ revision: String, at time: Int64, author: String? = nil, revisions: [String] = []) async throws {
    _ = try await store.add(
      PushRecord(repository: "orchard", revision: revision, author: author, pushTime: time))
    let id = try await id("push where revision = '\(revision)'")
    for (position, text) in revisions.enumerated() {
      try await store.engine.write {
        try $0.execute(
          """
          insert into revision (push_id, position, revision, author, comments)
          values (\(id), \(position), '\(text)', 'author \(position)', 'comments \(position)')
          """)
      }
    }
  }

  /// The number of the first row of `table`.
  func id(_ table: String) async throws -> Int64 {
    try await store.engine.read { try $0.run(SQLStatement("select min(id) from \(table)")).first?.integer(0) ?? 0 }
  }

  // MARK: Asking

  /// What was answered.
  struct Answer {
    let status: Int
    let headers: [String: String]
    let body: String

    /// The body with the members of objects in the order of their names.
    func canonical() throws -> String { try TestService.canonical(body) }

    /// The value at a path of member names and numbers, as JSON.
    func value(_ path: String...) throws -> String {
      var value = try JSONSerialization.jsonObject(with: Data(body.utf8), options: .fragmentsAllowed)
      for name in path {
        if let array = value as? [Any] {
          value = try #require(Int(name).flatMap { array.indices.contains($0) ? array[$0] : nil }, "\(name) in \(body)")
        } else {
          value = try #require((value as? [String: Any])?[name], "\(name) in \(body)")
        }
      }
      return try TestService.text(of: value)
    }

    /// The values of one member in all objects of an array, joined by commas.
    func all(_ member: String, in list: String? = "results") throws -> String {
      var value = try JSONSerialization.jsonObject(with: Data(body.utf8))
      if let list { value = try #require((value as? [String: Any])?[list]) }
      let objects = try #require(value as? [[String: Any]])
      return try objects.map { try TestService.text(of: try #require($0[member])) }.joined(separator: ",")
    }

    /// How many there are.
    func count(in list: String = "results") throws -> Int {
      let value = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
      return try #require(value?[list] as? [Any]).count
    }
  }

  static func canonical(_ json: String) throws -> String {
    try text(of: JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed))
  }

  private static func text(of value: Any) throws -> String {
    String(
      decoding: try JSONSerialization.data(
        withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed, .withoutEscapingSlashes]), as: UTF8.self)
  }

  /// Asks for a path with its query.
  func get(_ path: String, _ headers: [String: String] = [:], method: String = "GET") async throws -> Answer {
    let standard = ["Accept": "application/json; version=1.0"]
    let answer = try await WebClient.send(
      method, "http://\(address)\(path)", standard.merging(headers) { _, given in given })
    let fields = answer.headers.map { ($0.name.lowercased(), $0.value) }
    return Answer(
      status: answer.status, headers: Dictionary(fields) { "\($0), \($1)" }, body: answer.body)
  }
}
