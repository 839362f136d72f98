import JobStore
import PulseJob
import Testing

@testable import Ingestion

@Suite struct JobTransformTests {
  static func job(_ rest: String = "", state: String = "completed", kind: String = "test", task: String = "t") throws
    -> Job
  {
    let text = """
      {"taskId": "\(task)", "buildSystem": "taskcluster", "state": "\(state)", "jobKind": "\(kind)", "version": 1,
       "origin": {"project": "orchard", "revision": "ba0d49136409ae56d053e5873d34a305eeb6f770"},
       "display": {"jobName": "test-linux64/opt", "jobSymbol": "bc", "chunkId": 5, "groupSymbol": "M"}
       \(rest.isEmpty ? "" : ", " + rest)}
      """
    return try JobReader(.bundled()).read(Array(text.utf8))
  }

  func record(_ rest: String = "", state: String = "completed", kind: String = "test", task: String = "t") throws
    -> JobRecord
  {
    JobTransform.record(of: try Self.job(rest, state: state, kind: kind, task: task))
  }

  @Test(arguments: [
    ("success", "test", "success"), ("fail", "test", "testfailed"), ("fail", "build", "busted"),
    ("fail", "other", "busted"), ("canceled", "build", "usercancel"), ("exception", "test", "exception"),
    ("retry", "test", "retry"), ("superseded", "test", "superseded"), ("unknown", "test", "unknown"),
  ])
  func resultsGetTheStoresWords(_ result: String, _ kind: String, _ word: String) throws {
    #expect(try record(#""result": "\#(result)""#, kind: kind).result == word)
  }

  @Test func onlyACompletedJobHasAResult() throws {
    #expect(try record(#""result": "fail""#, state: "running").result == "unknown")
    #expect(try record().result == "unknown")
    #expect(try record(#""result": "success", "isRetried": true"#).result == "retry")
    #expect(try record(#""isRetried": true"#, state: "pending").result == "unknown")
  }

  @Test func theSymbolCarriesTheChunk() throws {
    #expect(try record().symbol == "bc5")
  }

  @Test func oneMachineStandsInForTheOther() throws {
    let linux = #"{"name": "a", "platform": "linux64", "os": "linux", "architecture": "x86_64"}"#
    let windows = #"{"platform": "win64", "os": "win", "architecture": "aarch64"}"#
    let both = try record(#""buildMachine": \#(windows), "runMachine": \#(linux)"#)
    #expect(both.buildPlatform?.os == "win" && both.machinePlatform?.os == "linux" && both.machine == "a")
    let run = try record(#""runMachine": \#(linux)"#)
    #expect(run.buildPlatform?.os == "linux" && run.machinePlatform?.os == "linux")
    #expect(try record().buildPlatform == nil)
  }

  @Test func labelsAreNamedByTheHashOfTheirSortedNames() throws {
    // sha1 of nothing, of "debug", and of "asanopt".
    #expect(OptionCollection.hash(of: []) == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
    #expect(try record(#""labels": ["debug"]"#).optionHash == "32faaecac742100f7753f0c1d0aa0add01b4046b")
    #expect(OptionCollection.hash(of: ["opt", "asan"]) == OptionCollection.hash(of: ["asan", "opt"]))
    #expect(try record().options == nil)
  }

  @Test func theSignatureIsTreeherders() throws {
    // The SHA-1 of: taskcluster orchard unknown(6) unknown M test-linux64/opt bc5 da39a3… None
    #expect(try record().signature == SignatureFacts.withoutMachines)
    #expect(
      try record(#""runMachine": {"platform": "linux64", "os": "linux", "architecture": "x86_64"}"#).signature
        == SignatureFacts.onLinux)
  }

  @Test func aTasksUuidBecomesItsSlug() throws {
    let record = try record(task: "008dcdae-bde0-4834-a967-d13d681037ae/2")
    #expect(record.taskID == "AI3Nrr3gSDSpZ9E9aBA3rg")
    #expect(record.retryID == 2)
    for guid in ["t", "t/0", "008dcdae-bde0-4834-a967-d13d681037ae", "008dcdae-bde0-4834-a967-d13d681037ae/x"] {
      #expect(TaskRun(guid: guid) == nil, "\(guid)")
    }
  }

  @Test func linksAreDetailsAndSomeAreLogsToo() throws {
    let record = try record(
      #"""
      "jobInfo": {"links": [
        {"label": "artifact uploaded", "linkText": "suite_errorsummary.log", "url": "https://example.org/e"},
        {"label": "artifact uploaded", "linkText": "data", "url": "https://example.org/perfherder-data-x.json"}]}
      """#)
    #expect(record.details.map(\.value) == ["suite_errorsummary.log", "data"])
    #expect(record.details.map(\.contentType) == ["link", "link"])
    #expect(record.logs.map(\.name) == ["errorsummary_json", "perfherder-data"])
  }

  @Test func aLogWithStepsIsParsed() throws {
    let record = try record(
      #"""
      "logs": [{"name": "a", "url": "https://example.org/a"},
        {"name": "b", "url": "https://example.org/b", "errorsTruncated": true, "steps": [
          {"name": "s", "result": "fail", "timeStarted": "2025-01-01T00:00:00Z", "timeFinished": "2025-01-01T00:00:01Z",
           "lineStarted": 3, "lineFinished": 4, "errors": [{"line": "boom", "linenumber": 4}]}]}]
      """#, kind: "build")
    #expect(record.logs.map(\.parseStatus) == [.pending, .parsed])
    let step = try #require(record.logs[1].steps.first)
    #expect(step.result == "busted" && step.errors == [.init(line: "boom", lineNumber: 4)])
    #expect(record.logs[1].areErrorsTruncated)
  }
}
