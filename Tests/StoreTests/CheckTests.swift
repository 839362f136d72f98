import Foundation
import GRDB
import Support
import Testing

@testable import JobStore

/// What `check` finds, and that it finds nothing in a store that only this program wrote.
@Suite struct CheckTests {
  /// A job with something in every table.
  static func fullJob(_ guid: String, _ state: JobRecord.State = .completed, time: Int64? = nil) -> JobRecord {
    .test(guid, state) {
      let error = LogRecord.LineError(line: "it broke", lineNumber: 7)
      let step = LogRecord.Step(
        name: "s", result: "success", started: nil, finished: nil, firstLine: 0, lastLine: 1, errors: [error, error])
      $0.logs = [LogRecord(name: "n", url: "u", parseStatus: .parsed, steps: [step, step])]
      $0.details = [DetailRecord(title: "t", value: "v", url: nil)]
      $0.artifacts = [ArtifactRecord(name: "a", type: "text", blob: "b")]
      $0.machine = "m"
      $0.product = "p"
      $0.groupName = "g"
      $0.options = ["opt"]
      $0.optionHash = "h"
      $0.buildPlatform = .init(os: "linux", platform: "linux64", architecture: "x86_64")
      $0.submitTime = time
    }
  }

  @Test(arguments: Backend.allCases)
  func nothingIsWrongWithWhatWasLoaded(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    #expect(try await test.store.check() == [])
    var superseding = Self.fullJob("c")
    superseding.superseded = ["a", "b", "later"]
    try await test.load([
      Self.fullJob("a", .running), Self.fullJob("b"), superseding, Self.fullJob("a", .pending),
      .test("later", .pending),
    ])
    try await test.load([.test("w", revision: "fff")], createsPushes: false)
    #expect(try await test.store.check() == [])
    let counts = try await test.store.counts()
    #expect(counts.steps == 6 && counts.errors == 12 && counts.details == 3 && counts.artifacts == 3)
    #expect(counts.schemaVersion == Schema.steps.count && counts.size > 0 && counts.waiting == 1)
  }

  @Test(
    arguments: Backend.allCases,
    [
      ("update job set push_id = 99", "1 rows of job belong to rows of push that are not there, the first: 99"),
      ("update job set machine_id = 99", "rows of job belong to rows of machine"),
      ("update job set machine_platform_id = 99", "rows of job belong to rows of platform"),
      ("update job set option_collection_id = 99", "rows of job belong to rows of option_collection"),
      ("delete from job_type", "rows of job belong to rows of job_type"),
      ("update job_log set awaits = 1", "logs await what logs like them do not, the first: u"),
      ("update job_log set job_id = 99", "rows of job_log belong to rows of job "),
      ("update log_step set log_id = 99", "rows of log_step belong to rows of job_log"),
      ("update log_error set log_id = 99", "2 rows of log_error belong to rows of job_log"),
      ("update log_error set step = 99", "rows of log_error belong to steps"),
      ("update job_detail set job_id = 99", "rows of job_detail belong to rows of job "),
      ("update artifact set job_id = 99", "rows of artifact belong to rows of job "),
      ("update job set state = 4", "jobs are in no state that there is, the first: a"),
      ("update job set state = 1", "jobs are in another state than"),
      ("update job set superseded_by = 'b', result = 'superseded'", "jobs are in another state than"),
      ("update job set state = 1, message_state = 1", "jobs have a result that their state does not have"),
      ("update artifact set message_state = 4", "artifacts come from a message"),
      ("update waiting_job set revision = 'ba0d49136409'", "1 jobs wait for a push that is there, the first: w"),
    ])
  func whatTheTablesDoNotHoldIsFound(_ backend: Backend, _ damage: (script: String, finding: String)) async throws {
    let test = try await TestStore(backend)
    try await test.load([
      JobRecord.test("a", .completed) {
        let error = LogRecord.LineError(line: "it broke", lineNumber: 7)
        $0 = Self.fullJob("a")
        $0.logs[0].steps = [
          .init(
            name: "s", result: "r", started: nil, finished: nil, firstLine: 0, lastLine: 1, errors: [error, error])
        ]
      }
    ])
    try await test.load([.test("w", revision: "fff")], createsPushes: false)
    #expect(try await test.store.check() == [])
    try await test.execute(damage.script)
    let findings = try await test.store.check().map(\.description)
    #expect(findings.contains { $0.contains(damage.finding) }, "\(findings)")
  }

  @Test func aBrokenFileAndBrokenForeignKeysAreFound() async throws {
    let test = try await TestStore(.sqlite)
    try await test.load([.test("find-me-in-the-file", .completed)])
    try await test.store.close()
    let file = URL(filePath: String(test.url.dropFirst("sqlite:".count)))
    let intact = try Data(contentsOf: file)

    // The guid is in the table and in its index: one of them is changed.
    var broken = intact
    let place = try #require(broken.firstRange(of: Data("find-me-in-the-file".utf8)))
    broken.replaceSubrange(place, with: Data("find-me-in-the-fire".utf8))
    try broken.write(to: file)
    let findings = try await TestStore.open(test.url).check().map(\.description)
    #expect(findings.contains { $0.contains("missing from index") }, "\(findings)")

    try intact.write(to: file)
    #expect(try await TestStore.open(test.url).check() == [])
    // As a program that does not ask SQLite to watch over foreign keys.
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    try await DatabaseQueue(path: file.path, configuration: configuration).write {
      try $0.execute(sql: "delete from repository")
    }
    #expect(
      try await TestStore.open(test.url).check().map(\.description) == [
        "a row of push refers to one of repository that is not there"
      ])
  }

  @Test(arguments: Backend.allCases)
  func aStoreThatNobodyMadeIsToldToBeMigrated(_ backend: Backend) async throws {
    let store = try await TestStore.open(try await backend.makeDatabase())
    let findings = try await store.check().map(\.description)
    #expect(findings.count == 1 && findings[0].contains("version 0") && findings[0].contains("drover store migrate"))
    #expect(try await store.migrate() == Migration(from: 0, to: Schema.steps.count))
    #expect(try await store.migrate() == Migration(from: Schema.steps.count, to: Schema.steps.count))
    #expect(try await store.check() == [])
  }
}
