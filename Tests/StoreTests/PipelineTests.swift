import Foundation
import JobStore
import Logging
import Support
import Testing

@testable import Ingestion

/// From a message's bytes to the store.
@Suite struct PipelineTests {
  static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  static func batch(_ bodies: String...) async throws -> MessageReader.Batch {
    try await MessageReader(logger: logger).read(
      bodies.map {
        MessageReader.Message(
          exchange: "exchange/u/v1/jobs", routingKey: "treeherder.orchard", body: Array($0.utf8), receivedTime: 1)
      })
  }

  static func message(_ task: String, state: String = "pending", rest: String = "") -> String {
    """
    {"taskId": "\(task)", "buildSystem": "ci", "state": "\(state)", "jobKind": "build", "version": 1,
     "origin": {"project": "orchard", "revision": "ba0d49136409ae56d053e5873d34a305eeb6f770"},
     "display": {"jobName": "b", "jobSymbol": "B", "groupSymbol": "?"}\(rest)}
    """
  }

  @Test(arguments: Backend.allCases)
  func everyMessageIsCountedAsWhatItBecame(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let pipeline = Pipeline(into: test.store, policy: LoadPolicy(), logger: Self.logger)
    try await pipeline.ingest(
      Self.batch(
        Self.message("a"), "no json", Self.message("a"), #"{"payload": \#(Self.message("b")), "_meta": {}}"#,
        Self.message("c", rest: #", "timeStarted": "whenever""#), ""))
    #expect(await pipeline.counts == Pipeline.Counts(stored: 2, waiting: 0, rejected: 3, duplicates: 1))
    let stored = try await test.store.counts()
    #expect(stored.jobs == 2 && stored.rejected == 3 && stored.pushes == 1 && stored.repositories == 1)
  }

  @Test func aBatchOfNothingIsNothing() async throws {
    let pipeline = Pipeline(into: DiscardingStore(), policy: LoadPolicy(), logger: Self.logger)
    try await pipeline.ingest(Self.batch())
    #expect(await pipeline.counts == Pipeline.Counts())
  }

  @Test(arguments: Backend.allCases)
  func withoutPushesOfItsOwnJobsWait(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let waiting = Pipeline(into: test.store, policy: LoadPolicy(createsPushes: false), logger: Self.logger)
    try await waiting.ingest(Self.batch(Self.message("a")))
    #expect(await waiting.counts.waiting == 1)
    let creating = Pipeline(into: test.store, policy: LoadPolicy(), logger: Self.logger)
    try await creating.ingest(Self.batch(Self.message("b")))
    #expect(await creating.counts.released == 1)
    let counts = try await test.store.counts()
    #expect(counts.jobs == 2 && counts.waiting == 0)
  }

  @Test(arguments: Backend.allCases)
  func whatAStoreInOrderRefusesIsRejectedAlone(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.execute(
      backend == .sqlite
        ? "create trigger broken before insert on job when new.guid = 'bad' begin select raise(abort, 'no'); end"
        : """
        create function broken() returns trigger language plpgsql as
        $$ begin if new.guid = 'bad' then raise exception 'no'; end if; return new; end $$;
        create trigger broken before insert on job for each row execute function broken()
        """)
    let pipeline = Pipeline(into: test.store, policy: LoadPolicy(), logger: Self.logger)
    try await pipeline.ingest(
      Self.batch(Self.message("a"), Self.message("b"), Self.message("bad"), Self.message("c"), Self.message("d")))
    #expect(await pipeline.counts == Pipeline.Counts(stored: 4, rejected: 1))
    let rejected = try await test.store.rejectedMessages(after: 0)
    #expect(rejected.count == 1 && rejected[0].reasons.contains("no"))
    let body = try await test.store.rejectedMessage(rejected[0].id)?.body
    #expect(body.map { String(decoding: $0, as: UTF8.self) } == Self.message("bad"))
  }
}
