import JobStore
import Testing

@Suite struct DiscardingStoreTests {
  @Test func whatIsGivenIsCountedAndNotKept() async throws {
    let store = try StoreURL("discard:").open()
    try await store.migrate()
    let job = IncomingItem(origin: JobMergeTests.origin, content: .job(JobMergeTests.record(.pending)))
    let rejected = IncomingItem(origin: JobMergeTests.origin, content: .rejected(reasons: "why", body: [1]))
    #expect(try await store.load([job, rejected, job], createsPushes: true) == [.stored, .rejected, .stored])
    #expect(try await store.load([job], createsPushes: false) == [.stored], "it has no push to wait for")
    let counts = try await store.counts()
    #expect(counts.jobs == 3 && counts.rejected == 1 && counts.pushes == 0 && counts.waiting == 0)
    #expect(try await store.pushSummaries().isEmpty)
    try await store.close()
  }

  @Test func bindingsAreRememberedByQueue() async throws {
    let store = DiscardingStore()
    let binding = BindingRecord(exchange: "exchange/u/v1/jobs", routingKey: "treeherder.#")
    await store.record([binding], of: "queue/u/jobs")
    #expect(await store.bindings(of: "queue/u/jobs") == [binding])
    #expect(await store.bindings(of: "queue/u/others").isEmpty)
    await store.record([], of: "queue/u/jobs")
    #expect(await store.bindings(of: "queue/u/jobs").isEmpty)
  }

  @Test func onlyTheWholeWordMeansIt() throws {
    #expect(try StoreURL("discard:").description == "discard:")
    for text in ["discard", "discard:jobs.db", "Discard:", " discard:"] {
      #expect(throws: StoreError.self) { try StoreURL(text) }
    }
  }

  @Test func itIsNothingToLookInto() throws {
    let error = #expect(throws: StoreError.self) { try StoreURL("discard:").open(mustExist: true) }
    #expect(error?.code == .unavailable)
  }
}
