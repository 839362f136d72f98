import Foundation
import Support
import Testing

@testable import Ingestion
@testable import JobStore

/// Collections that are submitted over HTTP, from their bytes to the store.
@Suite struct CollectionTests {
  static let resultSets = """
    [{"revision": "e6cd0b4484e7d41cf0cafd9ddb8ca2fdc1d0f2ee", "author": "ann@example.org", "push_timestamp": 1365732271,
      "type": "hg", "revisions": [
        {"revision": "ba0d49136409", "author": "ann", "comment": "Bug 1 – naïve 🐄", "repository": "orchard", "files": ["a"]},
        {"revision": "e6cd0b4484e7", "author": null, "comment": "", "repository": "orchard"}],
      "artifact": {"type": "push", "name": "x", "blob": "y"}},
     {"revision_hash": "4317d9e5759d58852485a7a808095a44bc806e19cc68", "author": "bob", "push_timestamp": "1365732272.5",
      "revisions": [{"revision": "bb5c993a28c3", "repository": "orchard"}]}]
    """

  static func pushes(_ json: String) throws -> [PushRecord] {
    try CollectionReader.pushes(Array(json.utf8), for: "orchard", now: 9)
  }

  @Test(arguments: Backend.allCases)
  func pushesAreStoredWithTheirRevisionsAndKeepTheirIds(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let first = try await test.store.add(Self.pushes(Self.resultSets))
    #expect(first.ids.count == 2 && Set(first.ids).count == 2)
    #expect(try await test.store.add(Self.pushes(Self.resultSets)).ids == first.ids)
    #expect(
      try await test.rows("select revision, revision_hash, author, push_time from push order by id") == [
        ["bb5c993a28c3", "4317d9e5759d58852485a7a808095a44bc806e19cc68", "bob", "1365732272500"],
        ["e6cd0b4484e7d41cf0cafd9ddb8ca2fdc1d0f2ee", "-", "ann@example.org", "1365732271000"],
      ])
    #expect(
      try await test.rows("select position, revision, author, comments from revision order by push_id, position") == [
        ["0", "bb5c993a28c3", "-", "-"], ["0", "ba0d49136409", "ann", "Bug 1 – naïve 🐄"],
        ["1", "e6cd0b4484e7", "-", "-"],
      ])
    #expect(try await test.store.check() == [])
  }

  @Test(arguments: Backend.allCases)
  func aPushThatWasMadeFromAJobIsFilledIn(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.load([.test("a", revision: "e6cd0b4484e7"), .test("b", revision: "bb5c993a28c3")])
    let ids = try await test.rows("select id from push order by revision desc").map { $0[0] }
    #expect(try await test.store.add(Self.pushes(Self.resultSets)).ids.map { "\($0)" } == ids)
    #expect(try await test.store.counts().pushes == 2)
    #expect(
      try await test.rows("select length(revision), author from push order by revision desc")
        == [["40", "ann@example.org"], ["12", "bob"]])
  }

  @Test(arguments: Backend.allCases)
  func aPushOfOneNameTwiceInACollectionIsThatOfTheLater(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let push = { (author: String) in
      #"{"revision": "abc", "author": "\#(author)", "revisions": [{"revision": "abc", "repository": "orchard"}]}"#
    }
    let ids = try await test.store.add(Self.pushes("[\(push("ann")), \(push("bob"))]")).ids
    #expect(ids.count == 2 && ids[0] == ids[1])
    #expect(try await test.rows("select author, push_time from push") == [["bob", "9"]])
    #expect(try await test.store.counts().pushes == 1)
  }

  @Test(arguments: Backend.allCases)
  func jobsWaitForTheirPushByEitherOfItsNames(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let body = """
      [{"project": "orchard", "revision_hash": "4317d9e5759d58852485a7a808095a44bc806e19cc68", "job": {"job_guid": "a"}},
       {"project": "orchard", "revision": "e6cd0b4484e7", "job": {"job_guid": "b"}}]
      """
    let pipeline = Pipeline(
      into: test.store, policy: LoadPolicy(createsPushes: false), logger: PipelineTests.logger)
    let jobs = try CollectionReader.jobs(Array(body.utf8), for: "orchard")
    #expect(
      try await pipeline.ingest(jobs, to: "orchard", by: "me", receivedTime: 1)
        == .stored(LoadReport(outcomes: [.waiting, .waiting])))
    #expect(try await pipeline.ingest(Self.pushes(Self.resultSets)).count == 2)
    #expect(await pipeline.counts.released == 2)
    let counts = try await test.store.counts()
    #expect(counts.jobs == 2 && counts.waiting == 0 && counts.pushes == 2)
    #expect(
      try await pipeline.ingest(jobs, to: "orchard", by: "me", receivedTime: 1)
        == .stored(LoadReport(outcomes: [.duplicate, .duplicate])))
    #expect(try await test.store.check() == [])
  }

  static let job = """
    [{"project": "orchard", "revision": "e6cd0b4484e7d41cf0cafd9ddb8ca2fdc1d0f2ee", "coalesced": ["old"], "job": {
      "job_guid": "f1b0b9f2-3f4c-4f3a-a9d3-0a8b7a6c5d4e/2", "name": "mochitest", "desc": "not stored", "job_symbol": "M",
      "group_symbol": "T", "group_name": "Tests", "product_name": "firefox", "reason": "scheduler",
      "who": "sendchange-unittest-0123456789-0123456789-0123456789-0123456789", "state": "completed",
      "result": "testfailed", "submit_timestamp": 1365732271, "start_timestamp": "1365732272", "end_timestamp": "",
      "machine": "talos-1", "build_url": "http://build", "tier": "2",
      "build_platform": {"os_name": "linux", "platform": "linux64", "architecture": "x86_64"},
      "machine_platform": {"os_name": "", "platform": "", "architecture": ""},
      "option_collection": {"pgo": true, "asan": 1, "opt": false},
      "log_references": [{"url": "http://l", "name": "buildbot_text", "parse_status": "parsed"}],
      "artifact": {"type": "text", "name": "note", "blob": "plain", "job_guid": ""},
      "artifacts": [{"type": "json", "name": "Job Info", "blob": "{\\"job_details\\": [
        {\\"title\\": \\"t\\"}, {\\"title\\": \\"n\\", \\"value\\": 7, \\"content_type\\": \\"odd\\"},
        {\\"title\\": \\"l\\", \\"value\\": \\"v\\", \\"url\\": \\"http://x\\", \\"content_type\\": \\"link\\"},
        {\\"title\\": \\"h\\", \\"value\\": \\"<b>\\", \\"content_type\\": \\"raw_html\\"}]}"}]}}]
    """.replacing("\n    {", with: "{")

  @Test func everythingOfAJobIsMapped() throws {
    let record = try #require(try CollectionReader.jobs(Array(Self.job.utf8), for: "orchard").first)
    #expect(record.name == "mochitest" && record.symbol == "M" && record.groupSymbol == "T")
    #expect(record.groupName == "Tests" && record.product == "firefox" && record.reason == "scheduler")
    #expect(record.who == "sendchange-unittest-0123456789-0123456789-01234567")
    #expect(record.state == .completed && record.result == "testfailed" && record.tier == 2)
    #expect(record.submitTime == 1_365_732_271_000 && record.startTime == 1_365_732_272_000 && record.endTime == nil)
    let platform = JobRecord.Platform(os: "linux", platform: "linux64", architecture: "x86_64")
    #expect(record.buildPlatform == platform && record.machinePlatform == platform && record.machine == "talos-1")
    #expect(record.options == ["asan", "pgo"] && record.optionHash == OptionCollection.hash(of: ["pgo", "asan"]))
    #expect(record.superseded == ["old"] && record.retryID == 2 && record.taskID?.count == 22)
    #expect(record.logs == [LogRecord(name: "buildbot_text", url: "http://l", parseStatus: .parsed, hasSummary: false)])
    #expect(record.artifacts.map(\.name) == ["Job Info", "note"] && record.artifacts[1].blob == "plain")
    #expect(
      record.details == [
        DetailRecord(title: "build_url", value: "http://build", url: "http://build"),
        DetailRecord(title: "t", value: "", url: nil), DetailRecord(title: "n", value: "7", url: nil),
        DetailRecord(title: "l", value: "v", url: "http://x", contentType: "link"),
        DetailRecord(title: "h", value: "<b>", url: nil, contentType: "raw_html"),
      ])
  }

  /// The signature of a message that says the same.
  @Test func aSignatureIsThatOfAMessage() async throws {
    let message = """
      {"taskId": "a", "buildSystem": "buildbot", "state": "pending", "jobKind": "test", "version": 1, "labels": ["opt"],
       "origin": {"project": "orchard", "revision": "ba0d49136409ae56d053e5873d34a305eeb6f770"},
       "buildMachine": {"name": "m", "platform": "linux64", "os": "linux", "architecture": "x86_64"},
       "display": {"jobName": "b", "jobSymbol": "B", "groupSymbol": "?"}}
      """
    let submission = """
      [{"project": "orchard", "revision": "ba0d49136409ae56d053e5873d34a305eeb6f770", "job": {"job_guid": "a",
        "name": "b", "job_symbol": "B", "group_symbol": "?", "option_collection": {"opt": true},
        "build_platform": {"os_name": "linux", "platform": "linux64", "architecture": "x86_64"}}}]
      """
    let batch = try await PipelineTests.batch(message)
    guard case .job(let told) = try #require(batch.items.first).content else {
      Issue.record("no job")
      return
    }
    let submitted = try #require(try CollectionReader.jobs(Array(submission.utf8), for: "orchard").first)
    #expect(submitted.signature == told.signature)
    #expect(submitted.optionHash == told.optionHash && submitted.buildPlatform == told.buildPlatform)
  }

  @Test(arguments: [
    (#"{"job_guid": "a"}"#, JobRecord.State.pending, "unknown"),
    (#"{"job_guid": "a", "state": "", "result": "busted"}"#, .completed, "busted"),
    (#"{"job_guid": "a", "state": "running", "result": "unknown"}"#, .running, "unknown"),
    (#"{"job_guid": "a", "state": "pending", "result": "success"}"#, .pending, "unknown"),
    (#"{"job_guid": "a", "state": "completed"}"#, .completed, "unknown"),
    (#"{"job_guid": "a", "state": "completed", "result": "coalesced"}"#, .completed, "superseded"),
  ])
  func stateAndResultAreTheStores(_ job: String, _ state: JobRecord.State, _ result: String) throws {
    let body = #"[{"project": "orchard", "revision": "a", "job": \#(job)}]"#
    let record = try #require(try CollectionReader.jobs(Array(body.utf8), for: "orchard").first)
    #expect(record.state == state && record.result == result)
  }

  // MARK: What is wrong

  enum Endpoint: CaseIterable {
    case jobs, pushes, artifacts

    /// What is told of a body that is wrong.
    func problems(_ body: String) -> [String] {
      let bytes = Array(body.utf8)
      do {
        switch self {
        case .jobs: _ = try CollectionReader.jobs(bytes, for: "orchard")
        case .pushes: _ = try CollectionReader.pushes(bytes, for: "orchard", now: 0)
        case .artifacts: _ = try CollectionReader.artifacts(bytes)
        }
        return []
      } catch CollectionRejection.invalid(let problems) {
        return problems.map(\.description)
      } catch {
        return ["\(error)"]
      }
    }
  }

  @Test func everythingThatIsWrongWithJobsIsToldAtOnce() {
    let body = """
      [{"project": "", "job": {"job_guid": "\(String(repeating: "é", count: 51))"}},
       {"project": "pasture", "revision": 7, "job": {"job_guid": "a", "state": "done", "result": "great", "tier": 4,
         "who": "a\\u0000b", "start_timestamp": "noon", "end_timestamp": 1365732271000, "machine": {},
         "option_collection": ["opt"], "log_references": [{"url": ""}, 3, {"url": "u", "name": "n", "parse_status": "x"}],
         "artifacts": [{"name": "Job Info", "type": "json", "blob": {"job_details": [{"value": 1}]}},
           {"name": "text_log_summary", "type": "json", "blob": "{"}, {"blob": "b", "job_guid": "b"}]},
        "coalesced": [1, ""]}, null, {"project": "orchard", "revision": "a"}]
      """
    let problems = Endpoint.jobs.problems(body)
    #expect(
      problems == [
        "[0].revision: is missing", "[0].project: is empty",
        "[0].job.job_guid: has 51 characters, 50 are allowed",
        "[1].revision: is a number, a text is asked",
        "[1].project: is another project than the one that was posted to",
        "[1].coalesced: holds something that is no job's guid", "[1].coalesced: holds something that is no job's guid",
        "[1].job.result: is none of busted, exception, retry, skipped, success, superseded, testfailed, unknown, usercancel",
        "[1].job.state: is none of unscheduled, pending, running, completed",
        "[1].job.option_collection: is a list, an object is asked",
        "[1].job.who: holds the character U+0000, which cannot be stored",
        "[1].job.tier: is no whole number from 1 to 3",
        "[1].job.start_timestamp: is no time: seconds since 1970 are asked",
        "[1].job.end_timestamp: is no time: seconds since 1970 are asked",
        "[1].job.log_references[0].name: is missing", "[1].job.log_references[0].url: is empty",
        "[1].job.log_references[1]: is a number, an object is asked",
        "[1].job.log_references[2].parse_status: is none of pending, parsed, error",
        "[1].job.artifacts[0].blob.job_details[0].title: is missing",
        problems.first { $0.hasPrefix("[1].job.artifacts[1].blob: is of type json and no JSON") } ?? "",
        "[1].job.artifacts[2].job_guid: is another job than the one that the artifact is in",
        "[1].job.artifacts[2].name: is missing", "[1].job.artifacts[2].type: is missing",
        "[2]: is null, an object is asked", "[3].job: is missing",
      ])
  }

  @Test func everythingThatIsWrongWithPushesAndArtifactsIsToldAtOnce() {
    let pushes = Endpoint.pushes.problems(
      #"[{"author": ""}, {"revision": "a", "author": "b", "revisions": [{}, {"revision": "", "repository": "r"}]}]"#)
    #expect(
      pushes == [
        "[0].revision: is missing", "[0].author: is empty", "[0].revisions: is missing",
        "[1].revisions[0].revision: is missing", "[1].revisions[0].repository: is missing",
        "[1].revisions[1].revision: is empty",
      ])
    let artifacts = Endpoint.artifacts.problems(#"[{"blob": {}, "name": 1, "job_guid": null}]"#)
    #expect(
      artifacts == [
        "[0].job_guid: is empty", "[0].name: is a number, a text is asked", "[0].type: is missing",
        "[0].blob: is empty",
      ])
  }

  static let hostile: [String] = [
    "", " ", "[", "{}", "null", "7", #""text""#, "[[]]", "[NaN]", #"[{"a": 1, "a": 2}]"#, #"["\ud800"]"#,
    String(repeating: "[", count: 100_000), "[" + String(repeating: "{},", count: 5_000) + "{}]",
    #"[{"revision": "\ud83d", "author": "a"}]"#, #"[{"job": {"job_guid": 1e400}}]"#,
    #"[{"project": "orchard", "revision": "a", "job": {"job_guid": "a", "start_timestamp": 1e308}}]"#,
    #"[{"project": "orchard", "revision": "a", "job": {"job_guid": "a", "start_timestamp": -1}}]"#,
    #"[{"project": "orchard", "revision": "a", "job": {"job_guid": "a", "option_collection": {"": true}}}]"#,
    #"[{"project": "orchard", "revision": "a\u0000", "job": {"job_guid": "a"}}]"#,
  ]

  @Test(arguments: hostile, Endpoint.allCases)
  func whatIsNoCollectionIsRefusedWithAReason(_ body: String, _ endpoint: Endpoint) {
    let problems = endpoint.problems(body)
    #expect(!problems.isEmpty && problems.count <= 1_000)
  }

  // MARK: What is another's

  @Test(arguments: Backend.allCases)
  func jobsOfAnotherRepositoryAreNotTouched(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.load([
      .test("theirs") { $0.repository = "pasture" }, .test("theirs too") { $0.repository = "pasture" },
    ])
    let before = try await test.rows("select * from job order by id")
    var superseding = JobRecord.test("mine", .completed)
    superseding.superseded = ["theirs too"]
    let items = [.test("theirs", .completed), superseding, .test("good")].map {
      IncomingItem(origin: .test, content: .job($0))
    }
    #expect(
      try await test.store.submit(items, to: "orchard", policy: LoadPolicy())
        == .refused(guids: ["theirs", "theirs too"]))
    let artifact = ArtifactRecord(name: "n", type: "text", blob: "b")
    #expect(
      try await test.store.attach(
        [.init(jobGUID: "theirs", artifact: artifact), .init(jobGUID: "nobody's", artifact: artifact)], to: "orchard")
        == .refused(guids: ["nobody's", "theirs"]))
    #expect(try await test.rows("select * from job order by id") == before)
    #expect(try await test.store.counts().artifacts == 0)
    #expect(
      try await test.store.submit([items[2]], to: "orchard", policy: LoadPolicy())
        == .stored(LoadReport(outcomes: [.stored])))
  }

  @Test(arguments: Backend.allCases)
  func artifactsAreAttachedOnceAndTold(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.load([.test("a", .completed), .test("b", .running)])
    try await test.execute("update job set last_modified = 5")
    let artifacts = ["a", "b"].map {
      AttachedArtifact(
        jobGUID: $0, artifact: .init(name: "n", type: "text", blob: "first"),
        details: [DetailRecord(title: "t", value: "v", url: nil)])
    }
    #expect(
      try await test.store.attach(artifacts, to: "orchard") == .stored(LoadReport(outcomes: [.stored, .stored])))
    #expect(try await test.rows("select count(*) from job where last_modified > 5") == [["2"]])
    #expect(
      try await test.store.attach(artifacts, to: "orchard") == .stored(LoadReport(outcomes: [.duplicate, .duplicate])))
    let later = artifacts.map {
      AttachedArtifact(jobGUID: $0.jobGUID, artifact: .init(name: "n", type: "t", blob: "later"))
    }
    #expect(
      try await test.store.attach(later, to: "orchard") == .stored(LoadReport(outcomes: [.duplicate, .stored])),
      "what a completed job has stays")
    #expect(try await test.store.counts().artifacts == 2)
    #expect(try await test.store.check() == [])
  }
}
