import Dispatch
import Support
import Synchronization
import Testing

@testable import JobStore

/// What is deleted for its age, and what is not.
@Suite struct ExpiryTests {
  /// As many batches as it takes.
  func expire(_ test: TestStore, before time: Int64, batchSize: Int = 1_000) async throws -> ExpiryReport {
    try await test.store.expire(before: time, batchSize: batchSize) { _ in true }
  }

  @Test(arguments: Backend.allCases)
  func oldJobsGoWithAllThatBelongsToThemAndNothingElseDoes(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.load([CheckTests.fullJob("old", time: 99), CheckTests.fullJob("young", time: 100)])
    let before = try await test.store.counts()
    var expected = ExpiryReport()
    (expected.jobs, expected.logs, expected.details, expected.artifacts) = (1, 1, 1, 1)
    #expect(try await expire(test, before: 100) == expected)
    #expect(try await test.results().keys.sorted() == ["young"])
    let counts = try await test.store.counts()
    #expect(counts.logs == 1 && counts.steps * 2 == before.steps && counts.errors * 2 == before.errors)
    #expect(counts.errors > 0 && counts.details == 1 && counts.artifacts == 1 && counts.pushes == 1)
    #expect(try await test.rows("select count(*) from machine") == [["1"]], "what jobs share stays")
    #expect(try await test.store.check() == [])
    #expect(try await expire(test, before: 100) == ExpiryReport(), "there is nothing left to do")
    #expect(try await test.load([CheckTests.fullJob("old", time: 99)]) == [.stored], "a deleted job is news again")
  }

  @Test(arguments: Backend.allCases)
  func aJobWithoutSubmissionIsAsOldAsItsPush(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.load([
      .test("a", revision: "aaa"), .test("b", revision: "bbb"), .test("c", revision: "aaa") { $0.submitTime = 70 },
    ])
    try await test.execute("update push set push_time = 50 where revision = 'aaa'")
    try await test.execute("update push set push_time = 60 where revision = 'bbb'")
    #expect(try await expire(test, before: 50) == ExpiryReport())
    #expect(try await expire(test, before: 60).jobs == 1)
    #expect(try await test.results().keys.sorted() == ["b", "c"])
    #expect(try await test.store.counts().pushes == 2, "one job is younger than its push")
    let last = try await expire(test, before: 71)
    #expect(last.jobs == 2 && last.pushes == 2)
  }

  @Test(arguments: Backend.allCases)
  func onlyOldPushesWithoutJobsGo(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.load([.test("a", revision: "aaa")])
    for (revision, time) in [("bbb", 99), ("ccc", 100)] {
      _ = try await test.store.add(
        PushRecord(repository: "orchard", revision: revision, author: nil, pushTime: Int64(time)))
    }
    try await test.execute(
      """
      insert into revision (push_id, position, revision) select id, 0, revision from push;
      update push set push_time = 1 where revision = 'aaa';
      update job set submit_time = 100
      """)
    var expected = ExpiryReport()
    expected.pushes = 1
    #expect(try await expire(test, before: 100) == expected)
    #expect(try await test.rows("select revision from push order by revision") == [["aaa"], ["ccc"]])
    #expect(try await test.rows("select revision from revision order by revision") == [["aaa"], ["ccc"]])
  }

  @Test(arguments: Backend.allCases)
  func whatIsWaitingOrRejectedStaysAndOldNotesOfSupersessionGo(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.load([.test("w", revision: "fff") { $0.submitTime = 1 }], createsPushes: false)
    _ = try await test.store.load(
      [.init(origin: .test, content: .rejected(reasons: "why", body: [1]))], policy: LoadPolicy())
    try await test.load([.test("a") { $0.superseded = ["x", "y"] }])
    try await test.execute("update supersession set noted_time = 5 where guid = 'x'")
    _ = try await expire(test, before: 6)
    let counts = try await test.store.counts()
    #expect(counts.waiting == 1 && counts.rejected == 1 && counts.jobs == 1)
    #expect(try await test.rows("select guid from supersession") == [["y"]])
  }

  @Test(arguments: Backend.allCases)
  func everyBatchIsATransactionAndAnyOfThemMayBeTheLast(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    // Many of one age, so that a search that goes on behind the last time would lose some.
    try await test.load((0..<10).map { number in CheckTests.fullJob("job \(number)", time: number < 8 ? 1 : 2) })
    let seen = Mutex<[Int]>([])
    let report = try await test.store.expire(before: 100, batchSize: 3) { report in
      seen.withLock { $0.append(report.jobs) }
      return report.jobs < 6
    }
    #expect(seen.withLock { $0 } == [3, 6] && report.jobs == 6)
    #expect(try await test.store.counts().jobs == 4)
    #expect(try await test.store.check() == [])
    #expect(try await expire(test, before: 100, batchSize: 3).jobs == 4)
    #expect(try await test.store.counts().logs == 0)
  }

  @Test(arguments: Backend.allCases)
  func aBatchThatFailsDeletesNothing(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.load([CheckTests.fullJob("a", time: 1)])
    try await test.execute(
      backend == .sqlite
        ? "create trigger broken before delete on artifact begin select raise(abort, 'no'); end"
        : """
        create function broken() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
        create trigger broken before delete on artifact for each row execute function broken()
        """)
    await #expect(throws: StoreError.self) { try await expire(test, before: 100) }
    #expect(try await test.store.counts().jobs == 1)
    #expect(try await test.store.check() == [])
  }

  @Test(arguments: Backend.allCases)
  func ingestionGoesOnMeanwhileAndNothingLosesItsOwner(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.load((0..<60).map { CheckTests.fullJob("old \($0)", time: 1) })
    try await test.execute("update push set push_time = 1")
    let other = try await TestStore.open(test.url)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        _ = try await test.store.expire(before: 100, batchSize: 10) { _ in true }
      }
      group.addTask {
        // Old jobs are made anew at their push, which goes with the last of them; young ones stay.
        for number in 0..<40 {
          _ = try await other.load(
            [
              .init(origin: .test, content: .job(CheckTests.fullJob("old \(number)", time: 1))),
              .init(origin: .test, content: .job(CheckTests.fullJob("young \(number)", time: 100))),
            ], policy: LoadPolicy())
        }
      }
      try await group.waitForAll()
    }
    #expect(try await test.store.check() == [])
    #expect(try await test.results().keys.filter { $0.hasPrefix("young") }.count == 40)
    _ = try await expire(test, before: 100)
    #expect(try await test.store.counts().jobs == 40)
  }

  @Test func noPushGoesWhileABatchMayBeGivingItJobs() async throws {
    // On SQLite there is one writer at a time anyway.
    let test = try await TestStore(.postgreSQL)
    try await test.load([.test("a") { $0.submitTime = 1 }])
    let loader = try await TestStore.open(test.url)
    let mayEnd = DispatchSemaphore(value: 0)
    async let loading: Void = loader.engine.write { session in
      try StoreLock.lockLoading(alone: false, .postgreSQL, session)
      mayEnd.wait()
    }
    let locks = """
      select count(*) from pg_locks where locktype = 'advisory'
        and database = (select oid from pg_database where datname = current_database())
      """
    try await eventually("the loader's lock") { try await test.rows(locks) == [["1"]] }
    async let report = expire(test, before: 100)
    do {
      try await eventually("expiry's wait") { try await test.rows(locks + " and not granted") == [["1"]] }
      #expect(try await test.store.counts().jobs == 1)
    } catch {
      mayEnd.signal()
      throw error
    }
    mayEnd.signal()
    try await loading
    #expect(try await report.jobs == 1)
  }

  /// How a database carries a statement out, as text.
  func plan(_ statement: SQLStatement, _ columns: [SQLColumn], in test: TestStore) async throws -> String {
    let explain = SQLStatement(
      (test.backend == .sqlite ? "explain query plan " : "explain ") + statement.template, statement.parameters)
    return try await test.store.engine.write { [engine = test.store.engine] session in
      try ExpiryStage.useIndexes(session, engine.dialect)
      return try session.run(explain, columns).map { row in
        row.values.map { value in if case .text(let text) = value { text } else { "" } }.joined()
      }
    }.joined(separator: "\n")
  }

  @Test(arguments: Backend.allCases)
  func whatIsOldIsFoundThroughAnIndexInItsOrderAndDeletedByKey(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    // A database knows nothing of a table that was just filled, and guesses wrong.
    try await test.load((0..<3_000).map { CheckTests.fullJob("job \($0)", time: Int64($0)) })
    for (stage, index) in [
      (ExpiryStage.submittedJobs, "job_submission"), (.pushes, "push_age"), (.otherJobs, "push_age"),
      (.supersessions, "supersession_age"),
    ] {
      let plan = try await plan(stage.search(limit: 1_000), [.integers([0]), .integers([10_000])], in: test)
      #expect(plan.contains(index), "\(plan)")
      #expect(!plan.contains("TEMP B-TREE") && !plan.contains("Sort") && !plan.contains("Seq Scan"), "\(plan)")
    }
    for statement in ExpiryStage.deletions {
      let plan = try await plan(
        statement, [.integers(backend == .sqlite ? [1] : (1...1_000).map { $0 })], in: test)
      #expect(plan.contains("SEARCH") || plan.contains("Index"), "\(plan)")
      #expect(!plan.contains("Seq Scan") && !plan.contains("SCAN job") && !plan.contains("SCAN log"), "\(plan)")
    }
  }
}
