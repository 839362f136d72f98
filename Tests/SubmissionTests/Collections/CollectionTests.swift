import Testing

@testable import Submission

@Suite struct CollectionTests {
  static let guid = "d22c74d4aa6d2a1dcba96d95dccbd5fdca70cf33"

  static func job(_ number: Int = 1) -> JobSubmission {
    var job = JobSubmission()
    job.revision = String(repeating: "a", count: 40)
    job.project = "orchard"
    job.guid = "\(guid)-\(number)"
    return job
  }

  private func problems(_ element: some SubmissionElement) -> [String] { element.problems.map(\.description) }

  @Test func everythingThatIsMissingIsToldAtOnce() throws {
    #expect(
      problems(JobSubmission()) == ["revision: is empty", "project: is empty", "job.job_guid: is empty"])
    #expect(
      problems(JobSubmission([:])) == [
        "revision: is missing", "project: is missing", "job: is missing", "job.job_guid: is missing",
      ])
    #expect(problems(ResultSetSubmission()) == ["revision: is empty", "revisions: is empty", "author: is empty"])
    #expect(
      problems(ArtifactSubmission()) == [
        "blob: is empty", "type: is empty", "name: is empty", "job_guid: is empty",
      ])
    do {
      try JobSubmission().validate()
      Issue.record("it is valid")
    } catch {
      #expect(error.code == .invalidSubmission && error.problems.count == 3)
      #expect(error.description == "revision: is empty; project: is empty; job.job_guid: is empty")
    }
    try Self.job().validate()
  }

  @Test func lengthsAreCountedInCharactersAsPythonDoes() {
    var job = Self.job()
    job.revision = String(repeating: "a", count: 41)
    job.guid = String(repeating: "\u{1F34E}", count: 50)
    #expect(problems(job) == ["revision: has 41 characters, at most 40 are taken"])
    job.guid += "a"
    #expect(problems(job).last == "job.job_guid: has 51 characters, at most 50 are taken")
    // One to a reader, two to the server.
    job.guid = String(repeating: "e\u{301}", count: 26)
    #expect(problems(job).last == "job.job_guid: has 52 characters, at most 50 are taken")
  }

  @Test func wrongTypesAreTold() {
    #expect(
      problems(JobSubmission(["revision": 1, "project": [1], "job": "x"])) == [
        "revision: is a number, a text is asked", "project: is a list, a text is asked",
        "job: is a text, an object is asked", "job.job_guid: is missing",
      ])
    #expect(problems(JobSubmission("x")) == ["is a text, an object is asked"])
    #expect(
      problems(ResultSetSubmission(["revision": "a", "author": "b", "revisions": ["x": 1]])) == [
        "revisions: is an object, a list is asked"
      ])
  }

  @Test func theOlderNameOfTheRevisionMayBeLonger() {
    var job = Self.job()
    job.revision = ""
    job.revisionHash = String(repeating: "b", count: 50)
    #expect(problems(job).isEmpty)
    job.revisionHash += "b"
    #expect(problems(job) == ["revision_hash: has 51 characters, at most 50 are taken"])
    job.revision = "a"
    #expect(problems(job).isEmpty)
  }

  @Test func revisionsAreCheckedInTheirPush() {
    var push = ResultSetSubmission()
    push.revision = "a"
    push.author = String(repeating: "x", count: 151)
    push.add(RevisionSubmission())
    var revision = RevisionSubmission()
    revision.revision = String(repeating: "c", count: 51)
    revision.repository = "orchard"
    push.add(revision)
    #expect(
      problems(push) == [
        "author: has 151 characters, at most 150 are taken", "revisions[0].revision: is empty",
        "revisions[0].repository: is empty", "revisions[1].revision: has 51 characters, at most 50 are taken",
      ])
  }

  @Test func aCollectionTellsWhichElement() {
    let jobs = JobCollection([
      Self.job(), JobSubmission(["revision": "a", "project": "p", "job": ["job_guid": ""]]), JobSubmission(3),
    ])
    #expect(
      jobs.problems.map(\.description) == [
        "[1].job.job_guid: is empty", "[2]: is a number, an object is asked",
      ])
    #expect(throws: SubmissionError.self) { try jobs.validate() }
  }

  @Test func aReadyStructureIsSentAsItIs() throws {
    let text = #"[{"anything":[1.50,{"x":null}],"job":{"job_guid":"g","tier":"2"},"project":"p","revision":"r"}]"#
    let jobs = try JobCollection(json: Array(text.utf8))
    try jobs.validate()
    #expect(String(decoding: jobs.toJSON(), as: UTF8.self) == text)
    #expect(jobs.elements[0].guid == "g" && jobs.elements[0].tier == 2)
    #expect(throws: SubmissionError.self) { try JobCollection(json: Array("{}".utf8)) }
  }

  @Test func aPropertyOfAReadyStructureMayBeChanged() {
    var job = JobSubmission(["x": 1, "job": ["y": 2]])
    job.guid = "g"
    job.startTimestamp = 5
    job.addLogReference(name: "log", url: "http://example.org/log")
    #expect(
      job.data == [
        "x": 1,
        "job": [
          "y": 2, "job_guid": "g", "start_timestamp": 5,
          "log_references": [["name": "log", "url": "http://example.org/log", "parse_status": "pending"]],
        ],
      ])
  }

  @Test(arguments: [(0, 3, []), (1, 3, [1]), (3, 3, [3]), (7, 3, [3, 3, 1]), (2, 0, [1, 1])] as [(Int, Int, [Int])])
  func chunksHaveEverythingInOrder(_ count: Int, _ size: Int, _ sizes: [Int]) {
    var jobs = JobCollection()
    for number in 0..<count { jobs.add(Self.job(number)) }
    let chunks = jobs.chunks(of: size)
    #expect(chunks.map(\.elements.count) == sizes)
    #expect(chunks.flatMap(\.elements) == jobs.elements)
  }
}
