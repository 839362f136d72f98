import Foundation
import JobStore
import Support
import Testing

@testable import Ingestion

/// What Treeherder's ingestion loses, breaks or repeats, and this one does not.
@Suite struct TreeherderDifferenceTests {
  private func ingest(
    _ bodies: String..., into test: TestStore, createsPushes: Bool = true
  ) async throws -> Pipeline.Counts {
    let pipeline = Pipeline(
      into: test.store, policy: LoadPolicy(createsPushes: createsPushes), logger: PipelineTests.logger)
    for body in bodies { try await pipeline.ingest(PipelineTests.batch(body)) }
    return await pipeline.counts
  }

  private static func url(of length: Int) -> String {
    "https://example.org/" + String(repeating: "u", count: length - 20)
  }

  private static let log = #", "logs": [{"name": "live", "url": "https://example.org/live"}]"#

  @Test(arguments: Backend.allCases)
  func neitherAJobWithoutOwnerNorAnOddTaskStopsTheOthers(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    // The last two are invalid, with a task of any form.
    let counts = try await ingest(
      PipelineTests.message("no-slash"), PipelineTests.message("a/b/c"), PipelineTests.message("no slash"),
      PipelineTests.message("no-slash-either", state: "sleeping"), PipelineTests.message("last"), into: test)
    #expect(counts.stored == 3 && counts.rejected == 2)
    #expect(
      try await test.rows("select guid, who from job order by id") == [
        ["no-slash", "-"], ["a/b/c", "-"], ["last", "-"],
      ])
  }

  @Test(arguments: Backend.allCases)
  func aJobIsNeverStoredWithoutItsLogs(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.execute(
      backend == .sqlite
        ? "create trigger broken before insert on job_log begin select raise(abort, 'crash'); end"
        : """
        create function broken() returns trigger language plpgsql as $$ begin raise exception 'crash'; end $$;
        create trigger broken before insert on job_log for each row execute function broken()
        """)
    let record = JobRecord.test("g") { $0.logs = [LogRecord(name: "n", url: "u")] }
    await #expect(throws: StoreError.self) { try await test.load([record]) }
    #expect(try await test.results().isEmpty)
    try await test.execute(backend == .sqlite ? "drop trigger broken" : "drop trigger broken on job_log")
    #expect(try await test.load([record]) == [.stored], "the redelivery is not taken for known")
    #expect(try await test.rows("select name from job_log") == [["n"]])
  }

  @Test(arguments: Backend.allCases)
  func twoWritersAtOnceLetRunningNeverOverwriteCompleted(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let url = test.url
    let guids = (0..<80).map { "job-\($0)" }
    try await test.load(guids.map { .test($0) })
    try await withThrowingTaskGroup(of: Void.self) { group in
      for state in [JobRecord.State.running, .completed] {
        group.addTask {
          let store = try await TestStore.open(url)
          for guid in guids {
            _ = try await store.load(
              [.init(origin: .test, content: .job(.test(guid, state)))], policy: LoadPolicy())
          }
          try await store.close()
        }
      }
      try await group.waitForAll()
    }
    #expect(try await test.rows("select distinct state, result from job") == [["3", "success"]])
  }

  @Test(arguments: Backend.allCases)
  func writersThatMeetTheSameNewNamesLoseNoJob(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let url = test.url
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          let store = try await TestStore.open(url)
          for turn in 0..<25 {
            // Every name is new to all four, and each writer has them in an order of its own.
            let records = (0..<8).shuffled().map { name in
              JobRecord.test("\(writer)-\(turn)-\(name)", revision: "\(turn)abc\(name)") {
                $0.repository = "repository-\(turn)-\(name)"
                ($0.name, $0.symbol, $0.groupSymbol) = ("\(turn)-\(name)", "\(turn)-\(name)", "\(turn)-\(name)")
                ($0.machine, $0.product, $0.buildSystem) = ("\(turn)-\(name)", "\(turn)-\(name)", "\(turn)-\(name)")
                ($0.signature, $0.optionHash, $0.options) = ("\(turn)-\(name)", "\(turn)-\(name)", ["\(name)"])
                $0.machinePlatform = .init(os: "\(turn)", platform: "\(name)", architecture: "a")
              }
            }
            let report = try await store.load(
              records.map { .init(origin: .test, content: .job($0)) }, policy: LoadPolicy())
            #expect(report.outcomes.allSatisfy { $0 == .stored })
          }
          try await store.close()
        }
      }
      try await group.waitForAll()
    }
    #expect(try await test.rows("select count(*) from job") == [["800"]])
    for table in ["repository", "push", "machine", "product", "job_type", "signature", "platform"] {
      #expect(try await test.rows("select count(*) from \(table)") == [["200"]], "\(table)")
    }
  }

  @Test(arguments: Backend.allCases)
  func whatTheSchemaAllowsIsStoredOrRejectedWithAReason(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let product = String(repeating: "p", count: 125)
    let stored = [
      #", "productName": "\#(product)""#, #", "reason": "\#(String(repeating: "r", count: 125))""#,
    ]
    for (index, rest) in stored.enumerated() {
      #expect(try await ingest(PipelineTests.message("stored-\(index)", rest: rest), into: test).stored == 1)
    }
    let symbol = PipelineTests.message("symbol").replacing(
      #""jobSymbol": "B""#, with: #""jobSymbol": "\#(String(repeating: "s", count: 25))", "chunkId": 123456"#)
    #expect(try await ingest(symbol, into: test).stored == 1)
    #expect(
      try await test.rows("select symbol from job_type order by length(symbol) desc limit 1")
        == [[String(repeating: "s", count: 25) + "123456"]])
    for rest in [#", "reason": "\u0000""#, #", "reason": "\ud800""#, #", "timeStarted": "soon""#] {
      #expect(try await ingest(PipelineTests.message("rejected", rest: rest), into: test).rejected == 1)
    }
    #expect(try await test.rows("select count(*) from rejected_message where reasons = ''") == [["0"]])
  }

  @Test(arguments: Backend.allCases)
  func aLateMessageAddsWhatOnlyItKnows(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let counts = try await ingest(
      PipelineTests.message("a", state: "completed", rest: #", "result": "success""#),
      PipelineTests.message(
        "a", state: "running", rest: Self.log + #", "timeStarted": "2025-02-26T22:45:18Z", "owner": "late""#),
      into: test)
    #expect(counts.stored == 2)
    #expect(
      try await test.rows("select state, result, start_time, who from job")
        == [["3", "success", "1740609918000", "late"]])
    #expect(try await test.rows("select name from job_log") == [["live"]])
  }

  @Test(arguments: Backend.allCases)
  func aListedJobEndsSupersededUnlessItCompletedAndNeverTheCarrier(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    _ = try await ingest(
      PipelineTests.message("done", state: "completed", rest: #", "result": "fail""#), PipelineTests.message("before"),
      PipelineTests.message(
        "carrier", state: "completed",
        rest: #", "result": "success", "coalesced": ["done", "before", "after", "carrier"]"#),
      PipelineTests.message("after"), into: test)
    #expect(
      try await test.results() == [
        "done": "3 busted", "before": "3 superseded", "after": "3 superseded", "carrier": "3 success",
      ])
  }

  @Test(arguments: Backend.allCases)
  func whatIsAbsentStaysAbsentAndAURLStaysWhole(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    // As long as the schema lets each be.
    let (log, url) = (Self.url(of: 255), Self.url(of: 512))
    let rest = #"""
      , "logs": [{"name": "n", "url": "\#(log)"}], "jobInfo": {"links": [{"label": "l", "linkText": "t", "url": "\#(url)"}]}
      """#
    #expect(try await ingest(PipelineTests.message("a", rest: rest), into: test).stored == 1)
    #expect(try await test.rows("select submit_time, start_time, end_time from job") == [["-", "-", "-"]])
    #expect(try await test.rows("select url from job_log union all select url from job_detail") == [[log], [url]])
  }

  @Test(arguments: Backend.allCases)
  func anOwnerThatIsTooLongIsCutToFiftyCharacters(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let owner = String(repeating: "\u{1F600}", count: 60)
    #expect(try await ingest(PipelineTests.message("a", rest: #", "owner": "\#(owner)""#), into: test).stored == 1)
    #expect(try await test.rows("select who from job") == [[String(owner.prefix(50))]])
  }

  @Test(arguments: Backend.allCases)
  func whatIsNoJSONIsKeptWithItsReasonsAndItsBytes(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    #expect(try await ingest("{\"taskId\": nope}", into: test).rejected == 1)
    let message = try #require(try await test.store.rejectedMessages(after: 0).first)
    #expect(message.reasons.contains("not JSON at column 12"))
    #expect(message.exchange == "exchange/u/v1/jobs" && message.routingKey == "treeherder.orchard")
    #expect(try await test.store.rejectedMessage(message.id)?.body == Array("{\"taskId\": nope}".utf8))
  }

  @Test(arguments: Backend.allCases)
  func aJobWaitsForItsPushHoweverLongAndIsReleasedByIt(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let bodies = (PipelineTests.message("a", rest: Self.log), PipelineTests.message("a", state: "running"))
    #expect(try await ingest(bodies.0, bodies.1, into: test, createsPushes: false).waiting == 2)
    #expect(try await test.results().isEmpty)
    let push = PushRecord(
      repository: "orchard", revision: "ba0d49136409ae56d053e5873d34a305eeb6f770", pushTime: 1)
    #expect(try await test.store.add(push) == (isNew: true, released: 2))
    #expect(try await test.results() == ["a": "2 unknown"])
    #expect(try await test.rows("select name from job_log") == [["live"]])
  }

  @Test(arguments: Backend.allCases)
  func anUpdateSchedulesNoLogAgain(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    _ = try await ingest(PipelineTests.message("a", rest: Self.log), into: test)
    // As whoever parses logs would write it down.
    try await test.execute("update job_log set parse_status = 1")
    _ = try await ingest(
      PipelineTests.message("a", state: "running", rest: Self.log),
      PipelineTests.message("a", state: "completed", rest: Self.log), PipelineTests.message("a", rest: Self.log),
      into: test)
    #expect(try await test.rows("select name, parse_status from job_log") == [["live", "1"]])
  }
}
