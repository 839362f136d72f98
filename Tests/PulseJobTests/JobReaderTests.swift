import JSONSchema
@testable import PulseJob
import Testing

@Suite struct JobReaderTests {
  static let minimal = """
    {"taskId": "t/0", "buildSystem": "ci", "state": "pending", "jobKind": "build", "version": 1,
     "origin": {"project": "orchard", "revision": "ba0d49136409ae56d053e5873d34a305eeb6f770"},
     "display": {"jobName": "build", "jobSymbol": "B", "groupSymbol": "?"}%@}
    """

  func message(_ rest: String = "") -> [UInt8] {
    Array(Self.minimal.replacing("%@", with: rest.isEmpty ? "" : ", " + rest).utf8)
  }

  func read(_ bytes: [UInt8]) throws -> Job { try JobReader(.bundled()).read(bytes) }

  func errors(_ bytes: [UInt8]) throws -> [ValidationError] {
    let reader = JobReader(try .bundled())
    let rejection = #expect(throws: JobRejection.self) { try reader.read(bytes) }
    return rejection?.errors ?? []
  }

  @Test func whatIsLeftOutStaysOut() throws {
    let job = try read(message())
    #expect(job.taskID == "t/0")
    #expect(job.state == .pending)
    #expect(job.kind == .build)
    #expect(job.origin == Job.Origin(project: "orchard", revision: "ba0d49136409ae56d053e5873d34a305eeb6f770"))
    #expect(job.result == nil && job.owner == nil && job.labels == nil && job.tier == nil)
    #expect(job.timeScheduled == nil && job.buildMachine == nil)
    #expect(job.logs.isEmpty && job.links.isEmpty && job.artifacts.isEmpty && job.coalesced.isEmpty)
  }

  @Test func everyFieldIsRead() throws {
    let job = try read(
      message(
        #"""
        "result": "fail", "isRetried": true, "tier": 2, "coalesced": ["a", "b"], "labels": ["opt"],
        "timeScheduled": "2025-02-26T22:45:17Z", "timeStarted": "2025-02-26T22:45:18Z",
        "timeCompleted": "2025-02-26T22:45:19Z", "owner": "o", "reason": "r", "productName": "p",
        "buildMachine": {"name": "m", "platform": "linux64", "os": "linux", "architecture": "x86_64"},
        "runMachine": {"platform": "win64", "os": "win", "architecture": "aarch64"},
        "jobInfo": {"links": [{"label": "l", "linkText": "t", "url": "https://example.org/"}]},
        "logs": [{"name": "n", "url": "https://example.org/log", "errorsTruncated": true, "steps": [
          {"name": "s", "result": "fail", "timeStarted": "2025-02-26T22:45:18Z", "lineStarted": 1, "lineFinished": 9,
           "timeFinished": "2025-02-26T22:45:19Z", "errors": [{"line": "boom", "linenumber": 5}]}]}],
        "extra": {"artifacts": [{"name": "a", "type": "json", "blob": {"k": [1, "x"]}}, "noise", {"name": "b"}]}
        """#))
    #expect(job.result == .fail && job.isRetried && job.tier == 2)
    #expect(job.coalesced == ["a", "b"] && job.labels == ["opt"])
    #expect(job.timeStarted?.millisecondsSince1970 == 1_740_609_918_000)
    #expect(job.owner == "o" && job.reason == "r" && job.productName == "p")
    #expect(job.buildMachine == Job.Machine(name: "m", platform: "linux64", os: "linux", architecture: "x86_64"))
    #expect(job.runMachine?.name == nil && job.runMachine?.os == "win")
    #expect(job.links == [Job.Link(label: "l", linkText: "t", url: "https://example.org/")])
    #expect(job.logs.first?.areErrorsTruncated == true)
    #expect(job.logs.first?.steps?.first?.errors == [Job.LogError(line: "boom", lineNumber: 5)])
    #expect(job.artifacts == [Job.Artifact(name: "a", type: "json", blob: #"{"k":[1,"x"]}"#)])
  }

  @Test func theOriginsOf2017AreRead() throws {
    func origin(_ text: String) throws -> Job.Origin {
      try read(
        Array(
          Self.minimal.replacing("%@", with: "").replacing(
            #"{"project": "orchard", "revision": "ba0d49136409ae56d053e5873d34a305eeb6f770"}"#, with: text
          ).utf8)
      ).origin
    }
    let hash = "0123456789abcdef0123456789abcdef01234567"
    #expect(
      try origin(#"{"kind": "hg.mozilla.org", "project": "p", "revision": "\#(hash)", "pushLogID": 7}"#).revision
        == hash)
    #expect(
      try origin(#"{"kind": "hg.mozilla.org", "project": "p", "revision_hash": "\#(hash)"}"#).revision == hash)
    #expect(
      try origin(#"{"kind": "github.com", "project": "p", "owner": "o", "revision": "\#(hash)", "pullRequestID": 3}"#)
        .project == "p")
  }

  @Test func theEnvelopeOfMozillapulseIsTakenOff() throws {
    let bare = String(decoding: message(), as: UTF8.self)
    let wrapped =
      #"{"payload": \#(bare), "_meta": {"exchange": "e", "routing_key": "k", "serializer": "json", "sent": "now"}}"#
    #expect(try read(Array(wrapped.utf8)) == read(message()))
  }

  @Test func aProducerIsNotForgivenAnEnvelope() throws {
    let bare = String(decoding: message(), as: UTF8.self)
    let reader = JobReader(try .bundled(formats: .assert))
    #expect(throws: JobRejection.self) { try reader.check(Array(#"{"payload": \#(bare), "_meta": {}}"#.utf8)) }
    #expect(try reader.check(message()).project == "orchard")
  }

  @Test func anOwnerThatIsTooLongIsCutByTheListenerAndReportedToTheProducer() throws {
    let owner = String(repeating: "ö", count: 51)
    let bytes = message(#""owner": "\#(owner)""#)
    #expect(try read(bytes).owner == String(repeating: "ö", count: 50))
    let producer = JobReader(try .bundled(formats: .assert))
    let rejection = #expect(throws: JobRejection.self) { try producer.check(bytes) }
    #expect(rejection?.errors.map(\.instancePath) == ["/owner"])
  }

  @Test func textThatCannotBeStoredIsNamedByItsPath() throws {
    let errors = try errors(
      message(
        #""reason": "a\u0000b", "jobInfo": {"links": [{"label": "l", "linkText": "t\u0000", "url": "u:x"}]}, "timeStarted": "soon""#
      ))
    #expect(Set(errors.map(\.instancePath)) == ["/reason", "/jobInfo/links/0/linkText", "/timeStarted"])
  }

  @Test func whatIsNoJSONIsSaidWithItsLine() throws {
    let reader = JobReader(try .bundled())
    let rejection = #expect(throws: JobRejection.self) { try reader.read(Array("{\n\"taskId\": nope}".utf8)) }
    #expect(rejection?.line == 2)
    #expect(rejection?.errors.first?.keyword == "json")
  }

  @Test func aDuplicateKeyIsAnError() throws {
    #expect(try errors(message(#""reason": "a", "reason": "b""#)).first?.keyword == "json")
  }

  @Test func whateverFollowsTheFirstLinkOfA2017MessageIsKeptAsFarAsItCanBeShown() throws {
    let text = String(decoding: message(), as: UTF8.self)
      .replacing(#""origin": {"#, with: #""origin": {"kind": "hg.mozilla.org", "#)
      .replacing(
        #""version": 1"#,
        with:
          #""version": 1, "jobInfo": {"links": [{"label": "l", "linkText": "t", "url": "u:x"}, {"url": "u:y"}, 7, "z"]}"#
      )
    #expect(
      try read(Array(text.utf8)).links == [
        Job.Link(label: "l", linkText: "t", url: "u:x"), Job.Link(label: "link", linkText: "u:y", url: "u:y"),
        Job.Link(label: "link", linkText: "7", url: nil), Job.Link(label: "link", linkText: "z", url: nil),
      ])
  }
}
