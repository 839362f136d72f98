import JobStore
import Testing

@Suite struct DiscardingStoreTests {
  @Test func whatIsGivenIsCountedAndNotKept() async throws {
    let store = try StoreURL("discard:").open()
    try await store.migrate()
    let origin = IncomingItem.Origin(exchange: "e", routingKey: "k", receivedTime: 0)
    let record = JobRecord(
      repository: "orchard", revision: "abc", guid: "g", state: .pending, result: "unknown", name: "n", symbol: "s",
      groupSymbol: "?", buildSystem: "ci", signature: "h")
    let job = IncomingItem(origin: origin, content: .job(record))
    let rejected = IncomingItem(origin: origin, content: .rejected(reasons: "why", body: [1]))
    let outcomes = try await store.load([job, rejected, job], policy: LoadPolicy()).outcomes
    #expect(outcomes == [.stored, .rejected, .stored])
    let waiting = LoadPolicy(createsPushes: false)
    #expect(try await store.load([job], policy: waiting).outcomes == [.stored], "it has no push to wait for")
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
