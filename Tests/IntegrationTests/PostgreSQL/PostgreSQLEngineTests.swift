import Support
import Testing

@testable import JobStore

/// What is put into a database and comes out of it again.
@Suite struct PostgreSQLEngineTests {
  @Test func valuesOfEveryTypeComeBackAsTheyWere() async throws {
    let database = try await TestDatabase()
    let words: [String?] = [
      "", nil, "it's \"quoted\"", #"a\b\\n{1,NULL}"#, "NULL", "👩‍🌾 ü é\u{301} \u{FFFF}", "line\r\nline\ttab",
      String(repeating: "ж", count: 1 << 19), "$1 {rows} ; --",
    ]
    let contents: [[UInt8]?] = [
      [], nil, [0], Array(0...255), [0x5C, 0x78], Array("NULL".utf8), [UInt8](repeating: 0, count: 1 << 20), [1], [2],
    ]
    let ids: [Int64] = [.min, -1, 0, 1, 255, 256, 1 << 32, .max - 1, .max]
    let numbers: [Int64?] = [nil, -1, 0, 1, 2, 3, 2_147_483_647, -2_147_483_648, 5]

    let insert = SQLStatement(
      """
      insert into thing (id, word, content, number, flag)
      select id, word, content, number::integer, number > 0 from {rows}
      """, [.integer("id"), .text("word"), .bytes("content"), .integer("number")])
    let returned = try await database.engine.write {
      try $0.run(insert, [.integers(ids), .texts(words), .bytes(contents), .integers(numbers)])
    }
    #expect(returned.isEmpty)
    let rows = try await database.engine.read {
      try $0.run(
        SQLStatement(
          """
          select id, word, content, number, flag, (id % 100)::smallint, word::varchar, current_schema(), count(*) over ()
          from thing order by id
          """))
    }
    #expect(rows.count == ids.count)
    for (index, row) in rows.enumerated() {
      #expect(try row.integer(0) == ids[index])
      #expect(try row.optionalText(1) == words[index])
      #expect(row.values[2] == contents[index].map { .bytes($0) } ?? .null)
      #expect(try row.optionalInteger(3) == numbers[index])
      #expect(try row.optionalInteger(4) == numbers[index].map { $0 > 0 ? 1 : 0 })
      #expect(try row.integer(5) == ids[index] % 100)
      #expect(try row.optionalText(6) == words[index])
      #expect(try row.text(7) == "public")
      #expect(try row.integer(8) == Int64(ids.count))
    }
  }

  @Test func aBatchIsMergedIntoWhatIsThere() async throws {
    let engine = try await TestDatabase().engine
    let first = try await engine.write {
      try $0.run(TestDatabase.upsert, [.integers([1, 2, 3]), .texts(["a", "b", nil])])
    }
    #expect(first.count == 3)
    let second = try await engine.write {
      try $0.run(TestDatabase.upsert, [.integers([1, 2, 3, 4]), .texts(["a", "c", nil, "d"])])
    }
    #expect(Set(second.map(\.values)) == [[.integer(2), .text("c")], [.integer(4), .text("d")]])
  }

  @Test func anEmptyBatchReachesNobody() async throws {
    let engine = try await TestDatabase().engine
    let nonsense = SQLStatement("nonsense {rows}", [.integer("id")])
    #expect(try await engine.write { try $0.run(nonsense, [.integers([])]).count } == 0)
  }

  @Test func aScriptHasSeveralStatements() async throws {
    let database = try await TestDatabase()
    try await database.engine.write {
      try $0.execute("create table if not exists thing (id bigint); insert into thing (id) values (1); select 1;")
    }
    #expect(try await database.count() == 1)
  }

  @Test func theSessionIsSetUp() async throws {
    let engine = try await TestDatabase().engine
    func setting(_ name: String) async throws -> String {
      try await engine.read { try $0.run(SQLStatement("select current_setting('\(name)')"))[0].text(0) }
    }
    #expect(try await setting("application_name") == "drover")
    #expect(try await setting("client_encoding") == "UTF8")
    #expect(try await setting("timezone") == "UTC")
    #expect(try await setting("synchronous_commit") == "on")
    #expect(try await setting("idle_in_transaction_session_timeout") == "1min")
    #expect(try await setting("statement_timeout") == "0")
    #expect(try await setting("transaction_isolation") == "repeatable read")
  }

  @Test func aReaderCannotWrite() async throws {
    let database = try await TestDatabase()
    await #expect(throws: StoreError.self) {
      try await database.engine.read { try $0.run(TestDatabase.insert, [.integers([1]), .texts([nil])]) }
    }
    #expect(try await database.count() == 0)
  }

  @Test func manyCallersShareFewConnections() async throws {
    let server = try await PrivatePostgreSQL.shared()
    let database = try await TestDatabase(server)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for id in 0..<40 {
        group.addTask {
          _ = try await database.engine.write {
            try $0.run(TestDatabase.insert, [.integers([Int64(id)]), .texts([nil])])
          }
          _ = try await database.count()
        }
      }
      try await group.waitForAll()
    }
    #expect(try await database.count() == 40)
    let name = try await database.engine.read { try $0.run(SQLStatement("select current_database()"))[0].text(0) }
    let connections = "select count(*) from pg_stat_activity where datname = '\(name)'"
    #expect(try await Int(server.query(connections)).map { 1...5 ~= $0 } == true)
    try await database.engine.close()
    try await eventually("the end of the connections") { try await server.query(connections) == "0" }
    let error = await #expect(throws: StoreError.self) { try await database.count() }
    #expect(error?.code == .unavailable)
  }
}
