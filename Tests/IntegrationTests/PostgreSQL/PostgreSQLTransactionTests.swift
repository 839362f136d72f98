import Support
import Synchronization
import Testing

@testable import JobStore

/// Transactions that do not simply succeed.
@Suite struct PostgreSQLTransactionTests {
  private struct Unwilling: Error, Equatable {}

  private static func set(_ id: Int64, _ word: String, _ session: any SQLSession) throws {
    _ = try session.run(TestDatabase.upsert, [.integers([id]), .texts([word])])
  }

  @Test func whatThrowsIsRolledBack() async throws {
    let database = try await TestDatabase()
    await #expect(throws: Unwilling()) {
      try await database.engine.write { session in
        try Self.set(1, "one", session)
        throw Unwilling()
      }
    }
    #expect(try await database.count() == 0)
    try await database.engine.write { try Self.set(1, "one", $0) }
    #expect(try await database.count() == 1)
  }

  @Test func aFailureThatIsPassedOverCommitsNothing() async throws {
    let database = try await TestDatabase()
    let error = await #expect(throws: StoreError.self) {
      try await database.engine.write { session in
        try Self.set(1, "one", session)
        try? session.execute("nonsense")
      }
    }
    #expect(error?.code == .failed)
    #expect(error?.description.contains("syntax error") == true)
    #expect(try await database.count() == 0)
  }

  @Test func aRefusalNamesTheDatabaseAndNoValues() async throws {
    let database = try await TestDatabase()
    for statement in [
      "insert into thing (id, word) values (1, 's3cret'), (1, 's3cret')", "select 's3cret'::bigint",
      "insert into thing (id, word) values (null, 's3cret')", "alter table thing add check (word <> 's3cret')",
    ] {
      let error = await #expect(throws: StoreError.self) {
        try await database.engine.write { session in
          try session.execute(statement)
          try Self.set(1, "s3cret", session)
        }
      }
      #expect(error?.code == .failed)
      #expect(error?.description.contains("127.0.0.1") == true && error?.description.contains("SQLSTATE") == true)
      #expect(error?.description.contains("s3cret") == false, "\(error?.description ?? "")")
    }
  }

  @Test func aZeroCharacterIsNoOutage() async throws {
    let database = try await TestDatabase()
    let error = await #expect(throws: StoreError.self) {
      try await database.engine.write { try Self.set(1, "a\0b", $0) }
    }
    #expect(error?.code == .unstorable)
    let ofScript = await #expect(throws: StoreError.self) {
      try await database.engine.write { try $0.execute("select 1\0") }
    }
    #expect(ofScript?.code == .unstorable)
    try await database.engine.write { try Self.set(1, "ab", $0) }
    #expect(try await database.count() == 1)
  }

  @Test func aBatchThatDoesNotFitIsRefused() async throws {
    let engine = try await TestDatabase().engine
    for columns: [SQLColumn] in [
      [.integers([1])], [.texts(["1"]), .texts(["a"])], [.integers([1, 2]), .texts(["a"])], [],
    ] {
      let error = await #expect(throws: StoreError.self) {
        try await engine.write { try $0.run(TestDatabase.insert, columns) }
      }
      #expect(error?.code == .failed)
    }
  }

  @Test func ofTwoThatBlockEachOtherOneIsRunAgain() async throws {
    let server = try await PrivatePostgreSQL.shared()
    let url = try PostgreSQLURL(try await server.makeDatabase())
    let engines = [PostgreSQLEngine(url), PostgreSQLEngine(url)]
    try await engines[0].write { session in
      try session.execute(TestDatabase.table)
      _ = try session.run(TestDatabase.insert, [.integers([1, 2]), .texts(["", ""])])
    }
    let gates = [Gate(), Gate()]
    let runs = Counter()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, engine) in engines.enumerated() {
        group.addTask {
          let isFirst = Counter()
          try await engine.write { session in
            runs.increment()
            try Self.set(Int64(index + 1), "by \(index)", session)
            if isFirst.increment() == 1 {
              gates[1 - index].open()
              try gates[index].pass()
            }
            try Self.set(Int64(2 - index), "by \(index)", session)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(runs.value == 3)
    let words = try await engines[0].read { try $0.run(SQLStatement("select distinct word from thing")) }
    #expect(words.count == 1, "one after the other, not in between each other")
  }

  @Test func oneThatGivesWayEveryTimeGivesUp() async throws {
    let server = try await PrivatePostgreSQL.shared()
    let url = try PostgreSQLURL(try await server.makeDatabase())
    let holder = PostgreSQLEngine(url)
    let engine = PostgreSQLEngine(url)
    try await engine.write { session in
      try session.execute(TestDatabase.table)
      try Self.set(1, "", session)
    }
    let (isHeld, release, runs) = (Gate(), Gate(), Counter())
    async let held: Void = holder.write { session in
      try Self.set(1, "held", session)
      isHeld.open()
      try release.pass()
    }
    let error = await #expect(throws: StoreError.self) {
      try await engine.write { session in
        if runs.increment() == 1 { try isHeld.pass() }
        try session.execute("set local lock_timeout = '10ms'")
        try Self.set(1, "mine", session)
      }
    }
    #expect(error?.code == .unavailable)
    #expect(runs.value == PostgreSQLEngine.attempts)
    release.open()
    try await held
    try await engine.write { try Self.set(1, "mine", $0) }
  }

  @Test func whoIsCancelledWhileWaitingForAConnectionLeaves() async throws {
    let database = try await TestDatabase()
    let (isRunning, release) = (Gate(), Gate())
    async let first: Void = database.engine.write { session in
      isRunning.open()
      try release.pass()
      try Self.set(1, "one", session)
    }
    let second = Task {
      // Behind the first: this runs on a connection of the readers.
      try await database.engine.read { _ in try isRunning.pass() }
      try await database.engine.write { try Self.set(2, "two", $0) }
    }
    second.cancel()
    await #expect(throws: CancellationError.self) { try await second.value }
    release.open()
    try await first
    #expect(try await database.count() == 1)
  }

  @Test func closingWaitsForWhatIsUnderWay() async throws {
    let server = try await PrivatePostgreSQL.shared()
    let url = try PostgreSQLURL(try await server.makeDatabase())
    let engine = PostgreSQLEngine(url)
    try await engine.write { try $0.execute(TestDatabase.table) }
    let (isRunning, release) = (Gate(), Gate())
    async let first: Void = engine.write { session in
      isRunning.open()
      try release.pass()
      try Self.set(1, "one", session)
    }
    try await engine.read { _ in try isRunning.pass() }
    async let closing: Void = engine.close()
    try await eventually("the refusal of new work") {
      do {
        try await engine.read { _ in }
        return false
      } catch {
        return true
      }
    }
    release.open()
    try await first
    try await closing
    try await engine.close()
    let other = PostgreSQLEngine(url)
    #expect(try await other.read { try $0.run(SQLStatement("select word from thing"))[0].text(0) } == "one")
  }
}

/// A number that is counted up by several threads.
private final class Counter: Sendable {
  private let count = Mutex(0)

  var value: Int { count.withLock { $0 } }

  @discardableResult
  func increment() -> Int {
    count.withLock {
      $0 += 1
      return $0
    }
  }
}
