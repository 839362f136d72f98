import Foundation
import GRDB
import JobStore
import Support
import Testing

/// A store that the built programs are run on.
struct CommandStore {
  enum Kind: String, CaseIterable { case sqlite, postgreSQL }

  let url: String

  init(_ kind: Kind) async throws {
    url =
      switch kind {
      case .sqlite: "sqlite:" + (try Repository.temporaryFolder().appending(path: "store.db").path)
      case .postgreSQL: try await PrivatePostgreSQL.shared().makeDatabase()
      }
  }

  /// Runs `drover` with the store as its environment says.
  func drover(_ arguments: String..., environment: [String: String] = [:]) async throws -> Program.Result {
    try await drover(arguments, environment: environment)
  }

  /// The same with the arguments in an array.
  func drover(_ arguments: [String], environment: [String: String]) async throws -> Program.Result {
    try await Program(
      Repository.programs.appending(path: "drover"), arguments,
      environment: ["DROVER_STORE": url].merging(environment) { $1 }
    ).result()
  }

  /// Works on the store as a listener would.
  func open<Value>(_ body: (any Store) async throws -> Value) async throws -> Value {
    let store = try StoreURL(url).open()
    try await store.migrate()
    let value = try await body(store)
    try await store.close()
    return value
  }

  /// Stores jobs that were submitted at the given times.
  func load(submittedAt times: [Int64?]) async throws {
    let items = times.enumerated().map { index, time in
      var record = JobRecord(
        repository: "orchard", revision: "ba0d49136409", guid: "job \(index)", state: .completed, result: "success",
        name: "n", symbol: "B", groupSymbol: "?", buildSystem: "ci", signature: "s")
      record.submitTime = time
      record.logs = [LogRecord(name: "log", url: "https://example.org")]
      let origin = IncomingItem.Origin(exchange: "e", routingKey: "k", receivedTime: 0)
      return IncomingItem(origin: origin, content: .job(record))
    }
    _ = try await open { try await $0.load(items, policy: LoadPolicy()) }
  }
}

/// `drover store`.
@Suite struct StoreCommandTests {
  @Test(arguments: CommandStore.Kind.allCases)
  func migrateMakesAStoreAndHasNothingToDoTheNextTime(_ kind: CommandStore.Kind) async throws {
    let store = try await CommandStore(kind)
    let made = try await store.drover("store", "migrate")
    #expect(made.status == 0 && made.lastLine.hasPrefix("the schema went from version 0 to "), "\(made.errors)")
    let again = try await store.drover("store", "migrate")
    #expect(again.status == 0 && again.lastLine.hasSuffix("nothing to do"), "\(again.errors)")
    let check = try await store.drover("store", "check")
    #expect(check.status == 0 && check.output.isEmpty && check.lastLine == "nothing is wrong")
  }

  @Test func whatCheckFindsIsALineEachAndStatus1() async throws {
    let store = try await CommandStore(.sqlite)
    try await store.load(submittedAt: [1])
    try await DatabaseQueue(path: String(store.url.dropFirst("sqlite:".count))).write {
      try $0.execute(sql: "update job_log set job_id = 99; update job set machine_id = 7")
    }
    let check = try await store.drover("store", "check")
    #expect(check.status == 1 && check.lastLine == "2 findings", "\(check.errors)")
    #expect(check.output.contains("1 rows of job_log belong to rows of job that are not there, the first: 99\n"))
    #expect(check.output.split(separator: "\n").count == 2)
  }

  @Test(arguments: CommandStore.Kind.allCases)
  func statsCountEverythingAndSayTheVersionAndTheSize(_ kind: CommandStore.Kind) async throws {
    let store = try await CommandStore(kind)
    try await store.load(submittedAt: [1, 2])
    let stats = try await store.drover("store", "stats")
    #expect(stats.status == 0)
    #expect(stats.output.hasSuffix("orchard  ba0d49136409     2  2 success\n"), "\(stats.output)")
    #expect(
      stats.errors.hasPrefix(
        """
        2 jobs in 1 pushes of 1 repositories, 2 logs with 0 steps and 0 errors, 0 details, 0 artifacts, 0 waiting, \
        0 rejected
        2 logs to be summarized, 2 jobs to be given bug suggestions
        schema version 1, 
        """), "\(stats.errors)")
    let size = stats.lastLine.split(separator: " ").dropLast(3).last.flatMap { Int($0) }
    #expect(try #require(size) > 10_000 && stats.lastLine.hasSuffix(" bytes on disk"))
  }

  @Test(arguments: CommandStore.Kind.allCases)
  func expireDeletesWhatIsOldAndSaysHowMuch(_ kind: CommandStore.Kind) async throws {
    let store = try await CommandStore(kind)
    let now = Int64(Date.now.timeIntervalSince1970 * 1000)
    let day: Int64 = 24 * 3_600_000
    // The last one does not say when it was submitted: its push is young.
    try await store.load(submittedAt: [now - 122 * day, now - 121 * day, now - 119 * day, nil])
    let none = try await store.drover("store", "expire", "--older-than", "18w")
    #expect(none.status == 0 && none.lastLine.hasPrefix("0 jobs with 0 logs, "), "\(none.errors)")
    let some = try await store.drover("store", "expire", "--older-than", "120d", "--batch", "1")
    #expect(some.status == 0, "\(some.errors)")
    #expect(some.lastLine == "2 jobs with 2 logs, 0 details and 0 artifacts deleted, and 0 pushes")
    let rest = try await store.drover("store", "expire", "--older-than", "2856h")
    #expect(rest.lastLine == "1 jobs with 1 logs, 0 details and 0 artifacts deleted, and 0 pushes")
    #expect(try await store.open { try await $0.counts().jobs } == 1)
  }

  @Test func expireEndsAfterTheBatchInHandAndSaysWhatItDeleted() async throws {
    let store = try await CommandStore(.sqlite)
    // At a job a batch, with a pause after each, this takes a minute.
    try await store.load(submittedAt: Array(repeating: 1, count: 500))
    let program = try Program.drover(
      "store", "expire", "--older-than", "1d", "--batch", "1", environment: ["DROVER_STORE": store.url])
    let watching = try StoreURL(store.url).open()
    try await eventually("the first batch") { try await watching.counts().jobs < 500 }
    try await watching.close()
    program.send(SIGINT)
    let result = try await program.result(within: .seconds(20))
    #expect(!result.wasKilled && result.status == 0)
    let deleted = try #require(result.lastLine.split(separator: " ").first.flatMap { Int($0) })
    #expect((1..<500).contains(deleted), "\(result.errors)")
    #expect(try await store.open { try await $0.counts().jobs } == 500 - deleted)
  }

  @Test(arguments: [
    ["store", "stats"], ["store", "check"], ["store", "expire", "--older-than", "1d"], ["rejected", "list"],
    ["rejected", "show", "1"], ["rejected", "replay", "--all"], ["waiting", "list"], ["repositories", "list"],
    ["repositories", "deactivate", "orchard"],
  ])
  func aStoreThatIsNotThereIsNotMadeAndStatus3(_ command: [String]) async throws {
    let path = try Repository.temporaryFolder().appending(path: "none.db").path
    // Nothing listens on port 1.
    for url in ["sqlite:\(path)", "postgresql://me:secret@127.0.0.1:1/none"] {
      let result = try await Program(
        Repository.programs.appending(path: "drover"), command + ["--store", url]
      ).result()
      #expect(result.status == 3, "\(result.errors)")
      #expect(result.errors.hasPrefix("drover: ") && !result.errors.contains("secret"), "\(result.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
