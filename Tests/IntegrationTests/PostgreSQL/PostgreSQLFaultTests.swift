import Support
import Testing

@testable import JobStore

/// A server that is harmed.
@Suite(.serialized) struct PostgreSQLFaultTests {
  private static func insert(_ id: Int64, _ session: any SQLSession) throws {
    _ = try session.run(TestDatabase.insert, [.integers([id]), .texts(["word"])])
  }

  @Test func aKilledServerIsAnOutageUntilItIsBack() async throws {
    let server = try await PrivatePostgreSQL.faultable()
    let database = try await TestDatabase(server)
    let (isRunning, release) = (Gate(), Gate())
    try await database.engine.write { try Self.insert(1, $0) }

    let interrupted = Task {
      try await database.engine.write { session in
        try Self.insert(2, session)
        isRunning.open()
        try release.pass()
        try Self.insert(3, session)
      }
    }
    try await database.engine.read { _ in try isRunning.pass() }
    try await server.kill()
    release.open()
    let inTheMiddle = await #expect(throws: StoreError.self) { try await interrupted.value }
    #expect(inTheMiddle?.code == .unavailable)
    for _ in 0..<2 {
      let error = await #expect(throws: StoreError.self) { try await database.engine.write { try Self.insert(4, $0) } }
      #expect(error?.code == .unavailable)
      #expect(error?.description.contains("Connection refused") == true, "\(error?.description ?? "")")
    }

    try await server.start()
    try await database.engine.write { try Self.insert(5, $0) }
    let ids = try await database.engine.read { try $0.run(SQLStatement("select id from thing order by id")) }
    #expect(ids.map(\.values) == [[.integer(1)], [.integer(5)]], "what was committed, and nothing else")
    try await database.engine.close()
  }

  @Test func aServerThatStandsStillIsWaitedFor() async throws {
    let server = try await PrivatePostgreSQL.faultable()
    let database = try await TestDatabase(server)
    async let writing: Void = database.engine.write { session in
      server.pause()
      try Self.insert(1, session)
    }
    try await eventually("the pause") { server.isPaused }
    server.resume()
    try await writing
    #expect(try await database.count() == 1)
    try await database.engine.close()
  }
}
