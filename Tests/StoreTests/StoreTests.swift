import Foundation
import Support
import Testing

@testable import JobStore

/// What is stored, what waits, and what is kept otherwise.
@Suite struct StoreTests {
  @Test(arguments: Backend.allCases)
  func newsAreToldFromDuplicates(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    #expect(try await test.load([.test("a"), .test("a"), .test("b")]) == [.stored, .duplicate, .stored])
    #expect(try await test.load([.test("a", .running), .test("a")]) == [.stored, .duplicate])
    let late = JobRecord.test("a") { $0.logs = [LogRecord(name: "n", url: "u")] }
    #expect(try await test.load([late]) == [.stored], "a late message brings a log that nobody else knew")
    #expect(try await test.load([late]) == [.duplicate])
  }

  @Test(arguments: Backend.allCases)
  func jobsWaitForTheirPushAndAreReleasedInTheirOrder(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    #expect(
      try await test.load([.test("a"), .test("a", .running)], createsPushes: false) == [.waiting, .waiting])
    #expect(try await test.store.counts().jobs == 0)
    #expect(try await test.store.counts().waiting == 2)
    #expect(try await test.store.waitingPushes().map(\.messages) == [2])
    let report = try await test.store.load([.init(origin: .test, content: .job(.test("b")))], policy: LoadPolicy())
    #expect(report == LoadReport(outcomes: [.stored], released: 2))
    #expect(try await test.store.counts().waiting == 0)
    #expect(try await test.results() == ["a": "2 unknown", "b": "1 unknown"])
  }

  @Test(arguments: Backend.allCases)
  func aPushReleasesAllThatWaitForItHoweverMany(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let jobs = (0..<1_200).map { JobRecord.test("job \($0)", revision: $0 % 2 == 0 ? "abc" : "abcdef") }
    #expect(try await test.load(jobs, createsPushes: false).allSatisfy { $0 == .waiting })
    let push = PushRecord(repository: "orchard", revision: "abcdef", author: "me", pushTime: 7)
    let (isNew, released) = try await test.store.add(push)
    #expect(isNew && released == 1_200)
    #expect(try await test.store.counts().jobs == 1_200)
    #expect(try await test.store.counts().waiting == 0)
    #expect(try await test.store.add(push) == (isNew: false, released: 0))
    #expect(try await test.rows("select author, push_time from push") == [["me", "7"]])
  }

  @Test(arguments: Backend.allCases)
  func aPrefixNamesAPushWhereItIsNotAmbiguous(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    #expect(
      try await test.load([.test("a", revision: "abc111"), .test("b", revision: "abd222")]) == [.stored, .stored])
    #expect(
      try await test.load([.test("c", revision: "abc"), .test("d", revision: "ab")], createsPushes: false)
        == [.stored, .waiting])
    #expect(try await test.load([.test("d", revision: "ab")]) == [.duplicate], "of an ambiguous one no push is made")
    #expect(try await test.load([.test("e", revision: "abd222")], createsPushes: false) == [.stored])
    #expect(try await test.store.counts().pushes == 2)
  }

  @Test(arguments: Backend.allCases)
  func aRevisionIsNoPattern(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let odd = [JobRecord.test("a", revision: "%%%%"), .test("b", revision: "ABC")]
    #expect(try await test.load(odd, createsPushes: false) == [.waiting, .waiting])
    #expect(try await test.load([.test("c", revision: "abcdef")]) == [.stored])
    #expect(try await test.store.counts().waiting == 2)
  }

  @Test(arguments: Backend.allCases)
  func repositoriesAreMadeOnFirstSightOrOnlyAsListed(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let policy = LoadPolicy(createsRepositories: false)
    let item = IncomingItem(origin: .test, content: .job(.test("a")))
    #expect(try await test.store.load([item], policy: policy).outcomes == [.waiting])
    #expect(try await test.store.repositories().isEmpty)
    try await test.store.setRepository("orchard", isActive: true)
    #expect(
      try await test.store.load([.init(origin: .test, content: .job(.test("b")))], policy: policy)
        == LoadReport(outcomes: [.stored], released: 1))
    try await test.store.setRepository("orchard", isActive: false)
    #expect(try await test.load([.test("c")]) == [.skipped])
    #expect(try await test.store.repositories() == [RepositoryRecord(name: "orchard", isActive: false)])
    #expect(try await test.store.counts().jobs == 2)
  }

  @Test(arguments: Backend.allCases)
  func whateverChangesAJobShowsInItsTime(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    _ = try await test.load([.test("a", .completed)])
    try await test.execute("update job set last_modified = 0")
    #expect(try await test.load([.test("a") { $0.logs = [LogRecord(name: "n", url: "u")] }]) == [.stored])
    #expect(try await test.rows("select last_modified from job") != [["0"]])
  }

  @Test(arguments: Backend.allCases)
  func anArtifactFollowsTheHighestState(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    func artifact(_ state: JobRecord.State, _ blob: String) -> JobRecord {
      .test("a", state) { $0.artifacts = [ArtifactRecord(name: "n", type: "text", blob: blob)] }
    }
    #expect(try await test.load([artifact(.completed, "new"), artifact(.running, "old")]) == [.stored, .duplicate])
    #expect(try await test.load([artifact(.completed, "newer")]) == [.duplicate])
    #expect(try await test.rows("select blob from artifact") == [["new"]])
  }

  @Test(arguments: Backend.allCases)
  func whatAMessageSaysTwiceIsStoredOnce(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let step = LogRecord.Step(
      name: "s", result: "success", started: nil, finished: nil, firstLine: 0, lastLine: 1, errors: [])
    let log = LogRecord(name: "n", url: "u")
    let parsed = LogRecord(name: "n", url: "u", parseStatus: .parsed, steps: [step])
    for (index, logs) in [[log, log], [log, parsed], [parsed, log], [parsed, parsed]].enumerated() {
      for state in [JobRecord.State.pending, .completed] {
        try await test.load([
          .test("\(index) \(state)", state) {
            $0.logs = logs
            $0.details = Array(repeating: DetailRecord(title: "t", value: "v", url: nil), count: 2)
            $0.artifacts = Array(repeating: ArtifactRecord(name: "n", type: "t", blob: "b"), count: 2)
            $0.superseded = ["x", "x"]
          }
        ])
      }
    }
    #expect(try await test.rows("select count(*) from job_log") == [["8"]])
    #expect(try await test.rows("select count(*) from log_step") == [["6"]])
    #expect(try await test.rows("select count(*) from job_detail") == [["8"]])
    #expect(try await test.rows("select count(*) from artifact") == [["8"]])
  }

  @Test(arguments: Backend.allCases)
  func repeatedMessagesWaitOnceAndAreRejectedOnce(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let waiting = JobRecord.test("a") { $0.options = ["x", "y"] }
    #expect(
      try await test.load([waiting, waiting, .test("a", .running)], createsPushes: false) == [
        .waiting, .duplicate, .waiting,
      ])
    let rejected = IncomingItem(origin: .test, content: .rejected(reasons: "why", body: [1]))
    #expect(try await test.store.load([rejected, rejected], policy: LoadPolicy()).outcomes == [.rejected, .duplicate])
    let counts = try await test.store.counts()
    #expect(counts.waiting == 2 && counts.rejected == 1)
  }

  @Test(arguments: Backend.allCases)
  func rejectedMessagesAreKeptAsTheyCame(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let bodies: [[UInt8]] = [[0, 255, 123], [], Array(repeating: 0, count: 3_000_000)]
    let items = bodies.map { IncomingItem(origin: .test, content: .rejected(reasons: "why", body: $0)) }
    #expect(try await test.store.load(items, policy: LoadPolicy()).outcomes == [.rejected, .rejected, .rejected])
    let messages = try await test.store.rejectedMessages(after: 0)
    #expect(messages.map(\.size) == [3, 0, 3_000_000])
    #expect(messages.allSatisfy { $0.body.isEmpty && $0.reasons == "why" && $0.exchange == "e" })
    for (message, body) in zip(messages, bodies) {
      #expect(try await test.store.rejectedMessage(message.id)?.body == body)
    }
    try await test.store.deleteRejectedMessages([messages[0].id])
    #expect(try await test.store.rejectedMessage(messages[0].id) == nil)
    #expect(try await test.store.rejectedMessages(after: messages[1].id).map(\.size) == [3_000_000])
  }

  @Test(arguments: Backend.allCases)
  func aBatchThatFailsLeavesNothing(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.execute(
      backend == .sqlite
        ? """
        create trigger broken before insert on job when new.guid = 'b' begin select raise(abort, 'disk on fire'); end
        """
        : """
        create function broken() returns trigger language plpgsql as
        $$ begin if new.guid = 'b' then raise exception 'disk on fire'; end if; return new; end $$;
        create trigger broken before insert on job for each row execute function broken()
        """)
    let error = await #expect(throws: StoreError.self) { try await test.load([.test("a"), .test("b")]) }
    #expect(error?.code == .failed)
    #expect(error?.description.contains("disk on fire") == true)
    let counts = try await test.store.counts()
    #expect(counts.jobs == 0 && counts.pushes == 0 && counts.repositories == 0)
    #expect(try await test.load([.test("a")]) == [.stored], "what was rolled back is not taken for known")
  }

  @Test(arguments: Backend.allCases)
  func hostileTextIsStoredAsItIs(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let text = "'; drop table job; -- <script>\u{202E}\u{1F600}%_\\ {rows} $1 ?1 \"{\\\"}\""
    _ = try await test.load([
      .test("a") {
        $0.name = text
        $0.who = text
        $0.machine = text
        $0.options = [text]
        $0.optionHash = text
        $0.details = [DetailRecord(title: text, value: text, url: text)]
        $0.artifacts = [ArtifactRecord(name: text, type: text, blob: text)]
      }
    ])
    let rows = try await test.rows(
      """
      select job_type.name, who, machine.name, options, title, value, job_detail.url, artifact.name, artifact.type, blob
      from job join job_detail on job_detail.job_id = job.id join artifact on artifact.job_id = job.id
      join job_type on job_type.id = job_type_id join machine on machine.id = machine_id
      join option_collection on option_collection.id = option_collection_id
      """)
    #expect(rows == [Array(repeating: text, count: 10)])
  }

  @Test(arguments: Backend.allCases)
  func bindingsAreRemembered(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let bindings: Set = [BindingRecord(exchange: "e", routingKey: "a"), BindingRecord(exchange: "e", routingKey: "b")]
    try await test.store.record(bindings, of: "q")
    #expect(try await test.store.bindings(of: "q") == bindings)
    try await test.store.record([BindingRecord(exchange: "e", routingKey: "b")], of: "q")
    #expect(try await test.store.bindings(of: "q") == [BindingRecord(exchange: "e", routingKey: "b")])
    #expect(try await test.store.bindings(of: "other") == [])
  }
}
