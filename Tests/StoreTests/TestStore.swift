import Support
import Testing

@testable import JobStore

/// A store of a test's own, in a database of its own.
struct TestStore {
  let backend: Backend
  let url: String
  let store: DatabaseStore

  init(_ backend: Backend) async throws {
    self.backend = backend
    url = try await backend.makeDatabase()
    store = try await Self.open(url)
    try await store.migrate()
  }

  /// The same database as another process would open it.
  static func open(_ url: String) async throws -> DatabaseStore {
    try #require(try StoreURL(url).open() as? DatabaseStore)
  }

  @discardableResult
  func load(_ records: [JobRecord], createsPushes: Bool = true) async throws -> [LoadOutcome] {
    try await store.load(
      records.map { .init(origin: .test, content: .job($0)) }, policy: LoadPolicy(createsPushes: createsPushes)
    ).outcomes
  }

  /// The rows that a query returns, as text.
  func rows(_ query: String) async throws -> [[String]] {
    try await store.engine.read { session in
      try session.run(SQLStatement(query)).map { row in
        row.values.map { value in
          switch value {
          case .null: "-"
          case .integer(let integer): "\(integer)"
          case .text(let text): text
          case .bytes(let bytes): "\(bytes)"
          }
        }
      }
    }
  }

  /// Runs a statement behind the store's back.
  func execute(_ script: String) async throws { try await store.engine.write { try $0.execute(script) } }

  /// State and result of every job, by guid.
  func results() async throws -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: try await rows("select guid, state, result from job").map { ($0[0], "\($0[1]) \($0[2])") })
  }
}

extension IncomingItem.Origin {
  static let test = IncomingItem.Origin(exchange: "e", routingKey: "k", receivedTime: 0)
}

extension JobRecord {
  /// A job in a state.
  static func test(
    _ guid: String = "g", _ state: State = .pending, revision: String = "ba0d49136409",
    _ change: (inout JobRecord) -> Void = { _ in }
  ) -> JobRecord {
    var record = JobRecord(
      repository: "orchard", revision: revision, guid: guid, state: state,
      result: state == .completed ? "success" : "unknown", name: "name \(state)", symbol: "B", groupSymbol: "?",
      buildSystem: "ci", signature: "s\(state.rawValue)")
    change(&record)
    return record
  }
}
