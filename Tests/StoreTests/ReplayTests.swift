import JobStore
import Support
import Testing

@testable import Ingestion

/// Rejected messages that are ingested again: they are kept in one place or the other, never in none and never in both.
@Suite struct ReplayTests {
  /// Keeps texts among the rejected, as a stricter program would have; returns their numbers.
  func reject(_ bodies: [String], in test: TestStore) async throws -> [Int64] {
    let origin = IncomingItem.Origin(exchange: "e", routingKey: "k", receivedTime: 5)
    let items = bodies.map {
      IncomingItem(origin: origin, content: .rejected(reasons: "an error of yesterday", body: Array($0.utf8)))
    }
    _ = try await test.store.load(items, policy: LoadPolicy())
    return try await test.store.rejectedMessages(after: 0).map(\.id)
  }

  /// Rejected messages, read again.
  func read(_ ids: [Int64], in test: TestStore) async throws -> MessageReader.Batch {
    var messages: [MessageReader.Message] = []
    for id in ids {
      let message = try #require(try await test.store.rejectedMessage(id))
      messages.append(
        .init(
          exchange: message.exchange, routingKey: message.routingKey, body: message.body,
          receivedTime: message.receivedTime, rejectedID: id))
    }
    return try await MessageReader(logger: PipelineTests.logger).read(messages)
  }

  /// Ingests rejected messages again.
  func replay(
    _ batch: MessageReader.Batch, in test: TestStore, policy: LoadPolicy = LoadPolicy()
  ) async throws -> [LoadOutcome] {
    try await Pipeline(into: test.store, policy: policy, logger: PipelineTests.logger).ingest(batch, while: { false })
  }

  func replay(
    _ ids: [Int64], in test: TestStore, policy: LoadPolicy = LoadPolicy()
  ) async throws -> [LoadOutcome] {
    try await replay(try await read(ids, in: test), in: test, policy: policy)
  }

  @Test(arguments: Backend.allCases)
  func whatIsStoredLeavesTheRejectedAndWhatIsRefusedStaysOnceWithItsNewReasons(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let good = PipelineTests.message("a")
    let ids = try await reject([good, good + " ", "no json", PipelineTests.message("b", state: "nonsense")], in: test)
    #expect(try await replay(ids, in: test) == [.stored, .duplicate, .rejected, .rejected])
    #expect(try await test.results().keys.sorted() == ["a"])
    let rest = try await test.store.rejectedMessages(after: 0)
    #expect(rest.map(\.id) == Array(ids[2...]) && rest.allSatisfy { $0.receivedTime == 5 })
    #expect(rest.allSatisfy { !$0.reasons.contains("yesterday") && !$0.errors.isEmpty })
    #expect(rest[1].errors.contains { $0.contains("/state") }, "\(rest[1].errors)")
    #expect(try await replay(ids.suffix(2), in: test) == [.rejected, .rejected])
    #expect(try await test.store.rejectedMessages(after: 0) == rest)
  }

  @Test(arguments: Backend.allCases)
  func everyErrorOfAMessageIsALineOfItsReasons(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let ids = try await reject([#"{"taskId": "a; b", "origin": {}}"#], in: test)
    _ = try await replay(ids, in: test)
    let message = try #require(try await test.store.rejectedMessage(ids[0]))
    #expect(message.errors.count > 2 && message.errors.joined(separator: "\n") == message.reasons)
  }

  @Test(arguments: Backend.allCases)
  func whatWaitsLeavesTheRejectedAndWhatIsSkippedStays(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let ids = try await reject([PipelineTests.message("a")], in: test)
    try await test.store.setRepository("orchard", isActive: false)
    #expect(try await replay(ids, in: test) == [.skipped])
    #expect(try await test.store.rejectedMessages(after: 0).map(\.reasons) == ["an error of yesterday"])
    try await test.store.setRepository("orchard", isActive: true)
    #expect(try await replay(ids, in: test, policy: LoadPolicy(createsPushes: false)) == [.waiting])
    let counts = try await test.store.counts()
    #expect(counts.rejected == 0 && counts.waiting == 1)
  }

  @Test(arguments: Backend.allCases)
  func aTransactionThatFailsLeavesTheMessageWhereItWas(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let ids = try await reject([PipelineTests.message("a")], in: test)
    // What fails last in the transaction: everything else of it has been done by then.
    try await test.execute(
      backend == .sqlite
        ? "create trigger broken before delete on rejected_message begin select raise(abort, 'no'); end"
        : """
        create function broken() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
        create trigger broken before delete on rejected_message for each row execute function broken()
        """)
    #expect(try await replay(ids, in: test) == [.rejected])
    let counts = try await test.store.counts()
    #expect(counts.jobs == 0 && counts.rejected == 1)
    #expect(try await test.store.rejectedMessage(ids[0])?.reasons.contains("no") == true)
  }

  @Test(arguments: Backend.allCases)
  func twoReplaysAtOnceStoreAMessageOnce(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let ids = try await reject((0..<20).map { PipelineTests.message("job-\($0)") }, in: test)
    let batch = try await read(ids, in: test)
    async let first = replay(batch, in: test)
    async let second = replay(batch, in: test)
    let outcomes = try await zip(first, second).map { Set([$0, $1]) }
    #expect(outcomes.allSatisfy { $0 == [.stored, .duplicate] })
    let counts = try await test.store.counts()
    #expect(counts.jobs == 20 && counts.rejected == 0)
  }
}
