import Foundation
import GRDB
import Support
import Testing

@testable import JobStore

@Suite struct SQLiteStoreTests {
  let path: String
  let store: SQLiteStore

  init() async throws {
    path = try Repository.temporaryFolder().appending(path: "store.db").path
    store = try SQLiteStore(path: path)
    try await store.migrate()
  }

  func load(_ records: [JobRecord], createsPushes: Bool = true) async throws -> [LoadOutcome] {
    try await store.load(
      records.map { .init(origin: JobMergeTests.origin, content: .job($0)) }, createsPushes: createsPushes)
  }

  func record(
    _ guid: String, _ state: JobRecord.State = .pending, revision: String = "ba0d49136409",
    _ change: (inout JobRecord) -> Void = { _ in }
  ) -> JobRecord {
    JobMergeTests.record(state) {
      $0.guid = guid
      $0.revision = revision
      change(&$0)
    }
  }

  /// The file, as anybody else would open it.
  func database() throws -> DatabaseQueue { try DatabaseQueue(path: path) }

  func results() async throws -> [String: String] {
    try await database().read { db in
      Dictionary(
        uniqueKeysWithValues: try Row.fetchAll(db, sql: "select guid, state, result from job").map {
          ($0[0] as String, "\($0[1] as Int) \($0[2] as String)")
        })
    }
  }

  @Test func newsAreToldFromDuplicates() async throws {
    #expect(try await load([record("a"), record("a"), record("b")]) == [.stored, .duplicate, .stored])
    #expect(try await load([record("a", .running), record("a")]) == [.stored, .duplicate])
    #expect(
      try await load([record("a") { $0.logs = [LogRecord(name: "n", url: "u")] }]) == [.stored],
      "a late message brings a log that nobody else knew")
  }

  @Test func jobsWaitForTheirPushAndAreReleasedInTheirOrder() async throws {
    #expect(
      try await load([record("a"), record("a", .running)], createsPushes: false) == [.waiting, .waiting])
    #expect(try await store.counts().jobs == 0)
    #expect(try await store.counts().waiting == 2)
    #expect(try await load([record("b")]) == [.stored])
    #expect(try await store.counts().waiting == 0)
    #expect(try await results() == ["a": "2 unknown", "b": "1 unknown"])
  }

  @Test func aPrefixNamesAPushWhereItIsNotAmbiguous() async throws {
    #expect(try await load([record("a", revision: "abc111"), record("b", revision: "abd222")]) == [.stored, .stored])
    #expect(
      try await load([record("c", revision: "abc"), record("d", revision: "ab")], createsPushes: false)
        == [.stored, .waiting])
    #expect(try await load([record("e", revision: "abd222")], createsPushes: false) == [.stored])
  }

  @Test func supersededJobsEndSoWhicheverComesFirstAndCompletedOnesStay() async throws {
    _ = try await load([record("done", .completed), record("before")])
    _ = try await load([record("carrier", .completed) { $0.superseded = ["done", "before", "after", "carrier"] }])
    _ = try await load([record("after")])
    #expect(
      try await results() == [
        "done": "3 success", "before": "3 superseded", "after": "3 superseded", "carrier": "3 success",
      ])
  }

  @Test func aJobsOwnCompletionOutranksItsSupersessionInEveryOrder() async throws {
    let pending = record("a")
    let completed = record("a", .completed)
    let carrier = record("b", .completed) { $0.superseded = ["a"] }
    for order in [
      [pending, completed, carrier], [pending, carrier, completed], [completed, carrier, pending],
      [carrier, pending, completed], [carrier, completed, pending], [completed, pending, carrier],
    ] {
      let other = try await SQLiteStoreTests()
      _ = try await other.load(order)
      #expect(try await other.results() == ["a": "3 success", "b": "3 success"])
    }
  }

  @Test func anArtifactFollowsTheHighestState() async throws {
    func artifact(_ state: JobRecord.State, _ blob: String) -> JobRecord {
      record("a", state) { $0.artifacts = [ArtifactRecord(name: "n", type: "text", blob: blob)] }
    }
    #expect(try await load([artifact(.completed, "new"), artifact(.running, "old")]) == [.stored, .duplicate])
    #expect(try await load([artifact(.completed, "newer")]) == [.duplicate])
    #expect(try await blobs() == ["new"])
  }

  func blobs() async throws -> [String] {
    try await database().read { try String.fetchAll($0, sql: "select blob from artifact") }
  }

  @Test func repeatedMessagesWaitOnceAndAreRejectedOnce() async throws {
    let waiting = record("a") { $0.options = ["x", "y"] }
    #expect(
      try await load([waiting, waiting, record("a", .running)], createsPushes: false) == [
        .waiting, .duplicate, .waiting,
      ])
    let rejected = IncomingItem(origin: JobMergeTests.origin, content: .rejected(reasons: "why", body: [1]))
    #expect(try await store.load([rejected, rejected], createsPushes: true) == [.rejected, .duplicate])
    let counts = try await store.counts()
    #expect(counts.waiting == 2 && counts.rejected == 1 && counts.repositories == 0)
  }

  @Test func aRevisionIsNoPattern() async throws {
    #expect(
      try await load([record("a", revision: "%%%%"), record("b", revision: "ABC")], createsPushes: false) == [
        .waiting, .waiting,
      ])
    #expect(try await load([record("c", revision: "abcdef")]) == [.stored])
    #expect(try await store.counts().waiting == 2)
  }

  @Test func whateverChangesAJobShowsInItsTime() async throws {
    _ = try await load([record("a", .completed)])
    try await database().write { try $0.execute(sql: "update job set last_modified = 0") }
    #expect(try await load([record("a") { $0.logs = [LogRecord(name: "n", url: "u")] }]) == [.stored])
    let time = try await database().read { try Int64.fetchOne($0, sql: "select last_modified from job") }
    #expect(time != 0)
  }

  @Test func rejectedMessagesAreKeptAsTheyCame() async throws {
    let body: [UInt8] = [0, 255, 123]
    let outcome = try await store.load(
      [.init(origin: JobMergeTests.origin, content: .rejected(reasons: "why", body: body))], createsPushes: true)
    #expect(outcome == [.rejected])
    let row = try database().read { db in
      try Row.fetchOne(db, sql: "select exchange, routing_key, reasons, body from rejected_message")
    }
    #expect(row?[2] == "why")
    #expect(row.map { Array($0[3] as Data) } == body)
  }

  @Test func aBatchThatFailsLeavesNothing() async throws {
    try await database().write { db in
      try db.execute(
        sql: """
          create trigger broken before insert on job when new.guid = 'b' begin select raise(abort, 'disk on fire'); end
          """)
    }
    let error = await #expect(throws: StoreError.self) { try await load([record("a"), record("b")]) }
    #expect(error?.code == .unavailable)
    #expect(error?.description.contains("disk on fire") == true)
    #expect(try await store.counts().jobs == 0)
  }

  @Test func hostileTextIsStoredAsItIs() async throws {
    let text = "'; drop table job; -- <script>\u{202E}\u{1F600}%_\\"
    _ = try await load([
      record("a") {
        $0.name = text
        $0.who = text
        $0.details = [DetailRecord(title: text, value: text, url: text)]
        $0.artifacts = [ArtifactRecord(name: text, type: text, blob: text)]
      }
    ])
    let row = try database().read { db in
      try Row.fetchOne(
        db,
        sql: """
          select job.name, who, title, value, job_detail.url, artifact.name, artifact.type, blob
          from job join job_detail on job_detail.job_id = job.id join artifact on artifact.job_id = job.id
          """)
    }
    #expect(
      row.map { row in row.databaseValues.map { String.fromDatabaseValue($0) } } == Array(repeating: text, count: 8))
  }

  @Test func bindingsAreRemembered() async throws {
    let bindings: Set = [BindingRecord(exchange: "e", routingKey: "a"), BindingRecord(exchange: "e", routingKey: "b")]
    try await store.record(bindings, of: "q")
    #expect(try await store.bindings(of: "q") == bindings)
    try await store.record([BindingRecord(exchange: "e", routingKey: "b")], of: "q")
    #expect(try await store.bindings(of: "q") == [BindingRecord(exchange: "e", routingKey: "b")])
    #expect(try await store.bindings(of: "other") == [])
  }

  @Test func aStoreThatIsClosedIsOneFile() async throws {
    _ = try await load([record("a")])
    try await store.close()
    let copy = path + ".copy"
    try FileManager.default.copyItem(atPath: path, toPath: copy)
    let count = try await DatabaseQueue(path: copy).read { try Int.fetchOne($0, sql: "select count(*) from job") }
    #expect(count == 1)
  }

  @Test func aStoreOfALaterVersionIsRefused() async throws {
    try await database().write { db in
      try db.execute(sql: "insert into grdb_migrations (identifier) values ('99 from the future')")
    }
    let error = await #expect(throws: StoreError.self) { try await store.migrate() }
    #expect(error?.code == .newer)
  }

  @Test func theDiskIsWaitedForAtEveryCommit() async throws {
    let pragmas = try await store.pragmas("journal_mode", "synchronous")
    #expect(pragmas == ["wal", "2"])
  }
}

@Suite struct StoreURLTests {
  @Test func aPathIsRead() throws {
    #expect(try StoreURL("sqlite:/var/lib/jobs.db") == .sqlite(path: "/var/lib/jobs.db"))
  }

  @Test(arguments: ["", "sqlite", "sqlite:", "sqlite://a.db", "sqlite::memory:", "mysql://u:secret@h/d"])
  func anythingElseIsRefusedWithoutRepeatingIt(_ text: String) {
    let error = #expect(throws: StoreError.self) { try StoreURL(text) }
    #expect(error?.code == .invalidURL)
    #expect(error?.description.contains("secret") == false)
  }

  @Test func aStoreThatMustExistIsNotMade() throws {
    let path = try Repository.temporaryFolder().appending(path: "none.db").path
    #expect(throws: StoreError.self) { try StoreURL("sqlite:\(path)").open(mustExist: true) }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func aFileThatIsNoDatabaseIsAnError() async throws {
    let path = try Repository.temporaryFolder().appending(path: "text.db").path
    try Data(repeating: 65, count: 8192).write(to: URL(filePath: path))
    let error = await #expect(throws: StoreError.self) {
      let store = try SQLiteStore(path: path)
      try await store.migrate()
    }
    #expect(error?.code == .unavailable)
  }
}

extension SQLiteStore {
  /// What the connection that writes is set to.
  fileprivate func pragmas(_ names: String...) async throws -> [String] {
    try await pool.write { db in
      try names.map { try String.fetchOne(db, sql: "pragma \($0)") ?? "" }
    }
  }
}
