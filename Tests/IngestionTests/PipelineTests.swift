import Foundation
@testable import Ingestion
import JobStore
import Logging
import Support
import Testing

@Suite struct PipelineTests {
  let store: any Store
  let pipeline: Pipeline

  init() async throws {
    let path = try Repository.temporaryFolder().appending(path: "store.db").path
    store = try StoreURL("sqlite:\(path)").open()
    try await store.migrate()
    pipeline = try Pipeline(
      into: store, createsPushes: true, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  func ingest(_ bodies: String...) async throws {
    try await pipeline.ingest(
      bodies.map {
        Pipeline.Message(
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

  @Test func everyMessageIsCountedAsWhatItBecame() async throws {
    try await ingest(
      Self.message("a"), "no json", Self.message("a"), #"{"payload": \#(Self.message("b")), "_meta": {}}"#,
      Self.message("c", rest: #", "timeStarted": "whenever""#), "")
    let counts = await pipeline.counts
    #expect(counts == Pipeline.Counts(stored: 2, waiting: 0, rejected: 3, duplicates: 1))
    let stored = try await store.counts()
    #expect(stored.jobs == 2 && stored.rejected == 3 && stored.pushes == 1 && stored.repositories == 1)
  }

  @Test func aBatchOfNothingIsNothing() async throws {
    try await pipeline.ingest([])
    #expect(await pipeline.counts == Pipeline.Counts())
  }

  @Test func withoutPushesOfItsOwnJobsWait() async throws {
    let waiting = try Pipeline(
      into: store, createsPushes: false, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try await waiting.ingest([
      Pipeline.Message(exchange: "e", routingKey: "k", body: Array(Self.message("a").utf8), receivedTime: 1)
    ])
    #expect(await waiting.counts.waiting == 1)
    try await ingest(Self.message("b"))
    let counts = try await store.counts()
    #expect(counts.jobs == 2 && counts.waiting == 0)
  }
}
