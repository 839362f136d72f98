import Foundation
import Logging
import Support
import Testing

@testable import Ingestion
@testable import JobStore

/// What is to be made out of logs: decided by what arrives, in the transaction that stores it.
@Suite struct GenerationTests {
  static let summary = """
    {"type": "json", "name": "text_log_summary", "job_guid": "g", "blob": {
      "logurl": "http://l", "logname": "buildbot_text", "step_data": {"all_errors": [], "errors_truncated": true,
      "steps": [{"name": "later", "result": "busted", "started": "2016-05-05 10:00:01.5", "finished": null,
        "started_linenumber": 8, "finished_linenumber": 9, "order": 1, "error_count": 1,
        "errors": [{"line": "it broke", "linenumber": 8}]},
       {"name": "first", "result": "success", "started_linenumber": 0, "finished_linenumber": 7, "order": 0}]}}}
    """
  static let suggestions = #"{"type": "json", "name": "Bug suggestions", "job_guid": "g", "blob": "[{\"bugs\": []}]"}"#

  static func job(_ status: String?, artifacts: String = "") -> String {
    let status = status.map { #", "parse_status": "\#($0)""# } ?? ""
    return """
      [{"project": "orchard", "revision": "abc", "job": {"job_guid": "g", "state": "completed", "result": "success",
        "log_references": [{"url": "http://l", "name": "buildbot_text"\(status)}], "artifacts": [\(artifacts)]}}]
      """
  }

  /// A line of the table: what is submitted one after the other, and what is to be generated then.
  struct Row: CustomTestStringConvertible {
    let name: String
    let jobs: String
    var artifacts: [String] = []
    let summaries: Int
    let suggestions: Int

    var testDescription: String { name }
  }

  static let table = [
    Row(name: "a log without a status", jobs: job(nil), summaries: 1, suggestions: 1),
    Row(name: "a pending log", jobs: job("pending"), summaries: 1, suggestions: 1),
    Row(name: "a log that could not be parsed", jobs: job("error"), summaries: 0, suggestions: 0),
    Row(name: "a parsed log alone", jobs: job("parsed"), summaries: 0, suggestions: 0),
    Row(
      name: "a parsed log with its summary", jobs: job("parsed", artifacts: summary), summaries: 0, suggestions: 1),
    Row(
      name: "a parsed log with its summary and suggestions",
      jobs: job("parsed", artifacts: "\(summary), \(suggestions)"), summaries: 0, suggestions: 0),
    Row(
      name: "a parsed log with suggestions ahead of its summary",
      jobs: job("parsed", artifacts: "\(suggestions), \(summary)"), summaries: 0, suggestions: 0),
    Row(
      name: "a pending log with its summary", jobs: job("pending", artifacts: summary), summaries: 0, suggestions: 1),
    Row(
      name: "a pending log with its summary and suggestions",
      jobs: job("pending", artifacts: "\(summary), \(suggestions)"), summaries: 0, suggestions: 0),
    Row(
      name: "a pending log with suggestions", jobs: job("pending", artifacts: suggestions), summaries: 1,
      suggestions: 0),
    Row(
      name: "a summary for a parsed log", jobs: job("parsed"), artifacts: ["[\(summary)]"], summaries: 0,
      suggestions: 1),
    Row(
      name: "a summary for a pending log", jobs: job("pending"), artifacts: ["[\(summary)]"], summaries: 0,
      suggestions: 1),
    Row(
      name: "a summary for a job with suggestions", jobs: job("parsed", artifacts: suggestions),
      artifacts: ["[\(summary)]"], summaries: 0, suggestions: 0),
    Row(
      name: "a summary and suggestions", jobs: job("parsed"), artifacts: ["[\(summary), \(suggestions)]"],
      summaries: 0, suggestions: 0),
    Row(
      name: "a summary, then suggestions", jobs: job("pending"), artifacts: ["[\(summary)]", "[\(suggestions)]"],
      summaries: 0, suggestions: 0),
    Row(
      name: "suggestions, then a summary", jobs: job("pending"), artifacts: ["[\(suggestions)]", "[\(summary)]"],
      summaries: 0, suggestions: 0),
  ]

  static func submit(_ jobs: String, to test: TestStore) async throws {
    let pipeline = Pipeline(into: test.store, policy: LoadPolicy(), logger: PipelineTests.logger)
    let outcome = try await pipeline.ingest(
      CollectionReader.jobs(Array(jobs.utf8), for: "orchard"), to: "orchard", by: "me", receivedTime: 1)
    if case .refused = outcome { Issue.record("\(outcome)") }
  }

  static func attach(_ artifacts: String, to test: TestStore) async throws {
    let pipeline = Pipeline(into: test.store, policy: LoadPolicy(), logger: PipelineTests.logger)
    let outcome = try await pipeline.ingest(CollectionReader.artifacts(Array(artifacts.utf8)), to: "orchard")
    if case .refused = outcome { Issue.record("\(outcome)") }
  }

  @Test(arguments: Backend.allCases, table)
  func whatArrivesDecidesWhatIsGenerated(_ backend: Backend, _ row: Row) async throws {
    let test = try await TestStore(backend)
    for repetition in 1...2 {
      try await Self.submit(row.jobs, to: test)
      for artifacts in row.artifacts { try await Self.attach(artifacts, to: test) }
      let counts = try await test.store.counts()
      #expect(counts.awaitedSummaries == row.summaries, "time \(repetition)")
      #expect(counts.awaitedSuggestions == row.suggestions, "time \(repetition)")
    }
    // Suggestions that wait for a summary are not handed out.
    let end = DatabaseStore.now + 60_000
    let summaries = try await test.store.claimWork(.summary, limit: 9, leaseEnd: end)
    let suggestions = try await test.store.claimWork(.suggestions, limit: 9, leaseEnd: end)
    #expect(summaries.count == row.summaries)
    #expect(suggestions.count == (row.summaries > 0 ? 0 : row.suggestions))
    for work in summaries + suggestions {
      #expect(work.jobGUID == "g" && work.logName == "buildbot_text" && work.logURL == "http://l")
    }
    #expect(try await test.store.check() == [])
  }

  @Test(arguments: Backend.allCases)
  func aSummaryBecomesStepsAndErrorsOfItsLogInTheirOrder(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await Self.submit(Self.job("pending"), to: test)
    for _ in 1...2 { try await Self.attach("[\(Self.summary)]", to: test) }
    #expect(try await test.rows("select parse_status, errors_truncated from job_log") == [["1", "1"]])
    #expect(
      try await test.rows(
        "select position, name, result, started_time, first_line, last_line from log_step order by position")
        == [["0", "first", "success", "-", "0", "7"], ["1", "later", "busted", "1462442401500", "8", "9"]])
    #expect(try await test.rows("select step, line, line_number from log_error") == [["1", "it broke", "8"]])
    #expect(try await test.rows("select name, type from artifact") == [["text_log_summary", "json"]])
  }

  @Test(arguments: Backend.allCases)
  func aSummaryOfALogThatNobodyToldOfMakesIt(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.load([.test("g", revision: "abc")])
    try await Self.attach("[\(Self.summary)]", to: test)
    #expect(
      try await test.rows("select name, url, parse_status from job_log") == [["buildbot_text", "http://l", "1"]])
    #expect(try await test.store.counts().steps == 2)
    #expect(try await test.store.counts().awaitedSuggestions == 1)
    #expect(try await test.store.check() == [])
  }

  @Test(arguments: Backend.allCases)
  func messagesDecideAsSubmissionsDo(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.load([
      .test("a") {
        $0.logs = [
          LogRecord(name: "live", url: "1"), LogRecord(name: "errorsummary_json", url: "2"),
          LogRecord(name: "perfherder-data", url: "3"),
        ]
      },
      .test("b") { $0.logs = [LogRecord(name: "live", url: "4", parseStatus: .parsed)] },
    ])
    let counts = try await test.store.counts()
    #expect(counts.awaitedSummaries == 1 && counts.awaitedSuggestions == 2)
    try await test.load([.test("a") { $0.logs = [LogRecord(name: "live", url: "1", parseStatus: .parsed)] }])
    #expect(try await test.store.counts().awaitedSummaries == 0)
    #expect(try await test.store.counts().awaitedSuggestions == 2)
  }

  // MARK: The queue

  @Test(arguments: Backend.allCases)
  func workIsGivenToOneAndOnceItsLeaseHasEndedToAnother(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.load(
      (0..<5).map { index in
        .test("job \(index)") { $0.logs = [LogRecord(name: "live", url: "u")] }
      })
    let (past, future) = (DatabaseStore.now - 1, DatabaseStore.now + 600_000)
    let first = try await test.store.claimWork(.summary, limit: 2, leaseEnd: past)
    #expect(first.map(\.jobGUID) == ["job 0", "job 1"])
    let second = try await test.store.claimWork(.summary, limit: 3, leaseEnd: future)
    #expect(second.map(\.jobGUID) == ["job 0", "job 1", "job 2"])
    let third = try await test.store.claimWork(.summary, limit: 10, leaseEnd: future)
    #expect(third.map(\.jobGUID) == ["job 3", "job 4"])
    #expect(try await test.store.claimWork(.summary, limit: 10, leaseEnd: future).isEmpty)
    #expect(try await test.store.counts().awaitedSummaries == 5, "what was taken is not done yet")
  }

  @Test(arguments: Backend.allCases)
  func nothingIsTakenTwiceByThoseWhoTakeAtOnce(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.load((0..<60).map { index in .test("job \(index)") { $0.logs = [LogRecord(name: "n", url: "u")] } })
    let end = DatabaseStore.now + 600_000
    let taken = try await withThrowingTaskGroup(of: [LogWork].self) { group in
      for _ in 0..<6 {
        group.addTask {
          let store = try await TestStore.open(test.url)
          var taken: [LogWork] = []
          while case let work = try await store.claimWork(.summary, limit: 4, leaseEnd: end), !work.isEmpty {
            taken += work
          }
          try await store.close()
          return taken
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(taken.count == 60)
    #expect(Set(taken.map(\.jobGUID)).count == 60)
  }

  @Test(arguments: Backend.allCases)
  func aJobWithSeveralLogsIsGivenSuggestionsOnce(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let parsed = LogRecord(name: "a", url: "u", parseStatus: .parsed)
    try await test.load([.test("g") { $0.logs = [parsed, LogRecord(name: "b", url: "u")] }])
    let end = DatabaseStore.now + 600_000
    #expect(try await test.store.claimWork(.suggestions, limit: 9, leaseEnd: end).isEmpty, "one log is not parsed yet")
    try await test.load([.test("g") { $0.logs = [LogRecord(name: "b", url: "u", parseStatus: .parsed)] }])
    #expect(try await test.store.counts().awaitedSuggestions == 1)
    #expect(try await test.store.claimWork(.suggestions, limit: 9, leaseEnd: end).map(\.logName) == ["a"])
    #expect(try await test.store.claimWork(.suggestions, limit: 9, leaseEnd: end).isEmpty)
    try await Self.attach("[\(Self.suggestions)]", to: test)
    #expect(try await test.store.counts().awaitedSuggestions == 0)
    #expect(try await test.rows("select awaits from job_log") == [["0"], ["0"]])
  }
}
