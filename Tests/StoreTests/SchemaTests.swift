import Foundation
import GRDB
import Support
import Testing

@testable import JobStore

/// The schema's versions, and what is special to a file of SQLite.
@Suite struct SchemaTests {
  @Test(arguments: Backend.allCases)
  func aStoreOfALaterVersionIsRefused(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.execute("update schema_version set version = 99")
    let error = await #expect(throws: StoreError.self) { try await test.store.migrate() }
    #expect(error?.code == .newer)
    #expect(error?.description.contains("99") == true)
  }

  @Test(arguments: Backend.allCases)
  func stepsAreTakenOnceAndOnlyForward(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.load([.test("a")])
    try await test.store.migrate()
    try await test.store.migrate(Schema.steps + ["create table later (a {text}); insert into later (a) values ('b')"])
    #expect(try await test.rows("select a from later") == [["b"]])
    #expect(try await test.results().count == 1)
    let error = await #expect(throws: StoreError.self) { try await test.store.migrate() }
    #expect(error?.code == .newer)
  }

  @Test(arguments: Backend.allCases)
  func aStepThatFailsLeavesTheStoreAsItWas(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    await #expect(throws: StoreError.self) {
      try await test.store.migrate(Schema.steps + ["create table later (a {text}); no sql at all"])
    }
    try await test.store.migrate()
    try await test.store.migrate(Schema.steps + ["create table later (a {text})"])
  }

  @Test(arguments: Backend.allCases)
  func severalProcessesMayPrepareAStoreAtOnce(_ backend: Backend) async throws {
    let url = try await backend.makeDatabase()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let store = try await TestStore.open(url)
          try await store.migrate()
          try await store.close()
        }
      }
      try await group.waitForAll()
    }
    #expect(try await TestStore.open(url).counts().jobs == 0)
  }

  @Test func aStoreThatIsClosedIsOneFile() async throws {
    let test = try await TestStore(.sqlite)
    _ = try await test.load([.test("a")])
    try await test.store.close()
    let path = String(test.url.dropFirst("sqlite:".count))
    try FileManager.default.copyItem(atPath: path, toPath: path + ".copy")
    let count = try await DatabaseQueue(path: path + ".copy").read {
      try Int.fetchOne($0, sql: "select count(*) from job")
    }
    #expect(count == 1)
  }

  @Test func theDiskIsWaitedForAtEveryCommit() async throws {
    let test = try await TestStore(.sqlite)
    let pragmas = try await test.store.engine.write { session in
      try session.run(SQLStatement("pragma journal_mode")).map { try $0.text(0) }
        + session.run(SQLStatement("pragma synchronous")).map { "\(try $0.integer(0))" }
    }
    #expect(pragmas == ["wal", "2"])
    let server = try await TestStore(.postgreSQL)
    let settings = try await server.store.engine.write { session in
      try ["synchronous_commit", "fsync"].map { try session.run(SQLStatement("show \($0)"))[0].text(0) }
    }
    #expect(settings == ["on", "on"])
  }

  @Test func aFileThatIsNoDatabaseIsAnError() async throws {
    let path = try Repository.temporaryFolder().appending(path: "text.db").path
    try Data(repeating: 65, count: 8192).write(to: URL(filePath: path))
    let error = await #expect(throws: StoreError.self) { try await TestStore.open("sqlite:\(path)").migrate() }
    #expect(error?.code == .unavailable)
  }
}
