import Support
import Testing

@testable import JobStore

/// What whoever watches a store hears of what others write into it.
@Suite struct ChangeTests {
  /// Follows a store as another process would, from the moment on at which nothing is missed any more.
  private func following(
    _ test: TestStore, _ body: (inout AsyncStream<StoreChange>.Iterator) async throws -> Void
  ) async throws {
    let follower = try await TestStore.open(test.url)
    var changes = follower.changes().makeAsyncIterator()
    #expect(await changes.next() == .anything)
    try await body(&changes)
    try await follower.close()
  }

  private func push(_ test: TestStore, _ revision: String = "ba0d49136409") async throws -> Int64 {
    let rows = try await test.rows("select id from push where revision = '\(revision)'")
    return try #require(Int64(rows[0][0]))
  }

  private func repository(_ test: TestStore) async throws -> Int64 {
    let rows = try await test.rows("select id from repository")
    return try #require(Int64(rows[0][0]))
  }

  @Test(arguments: Backend.allCases)
  func thePushesOfNewAndChangedJobsAreTold(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await following(test) { changes in
      try await test.load([.test("a"), .test("b"), .test("c", revision: "other")])
      let (first, second) = (try await push(test), try await push(test, "other"))
      let repository = try await repository(test)
      #expect(await changes.next() == .pushes([first, second].sorted(), repository: repository))
      // What says nothing new is no change: the next one told is the one after it.
      try await test.load([.test("a")])
      try await test.load([.test("c", .completed, revision: "other")])
      #expect(await changes.next() == .pushes([second], repository: repository))
    }
  }

  @Test(arguments: Backend.allCases)
  func aJobThatEndsOneOfAnotherPushChangesBoth(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.load([.test("a"), .test("b", revision: "other")])
    try await following(test) { changes in
      try await test.load([.test("b", .completed, revision: "other") { $0.superseded = ["a"] }])
      guard case .pushes(let pushes, _) = await changes.next() else { throw StoreError(.failed, "no pushes") }
      #expect(pushes == [try await push(test), try await push(test, "other")].sorted())
    }
  }

  @Test(arguments: Backend.allCases)
  func whatIsSubmittedIsTold(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.load([.test("a")])
    let first = try await push(test)
    try await following(test) { changes in
      let artifact = AttachedArtifact(jobGUID: "a", artifact: ArtifactRecord(name: "n", type: "text", blob: "b"))
      _ = try await test.store.attach([artifact], to: "orchard")
      #expect(await changes.next() == .pushes([first], repository: try await repository(test)))
      _ = try await test.store.add([PushRecord(repository: "orchard", revision: "new", pushTime: 1)])
      #expect(await changes.next() == .pushes([try await push(test, "new")], repository: try await repository(test)))
    }
  }

  @Test(arguments: Backend.allCases)
  func whatWasRolledBackIsNotTold(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await following(test) { changes in
      struct Stop: Error {}
      await #expect(throws: Stop.self) {
        try await test.store.loading(alone: true, LoadPolicy()) { loader in
          _ = try loader.add([PushRecord(repository: "orchard", revision: "never", pushTime: 1)])
          throw Stop()
        }
      }
      try await test.load([.test("a")])
      #expect(await changes.next() == .pushes([try await push(test)], repository: try await repository(test)))
    }
  }

  @Test func manyPushesAtOnceAreAllTold() async throws {
    for backend in Backend.allCases {
      let test = try await TestStore(backend)
      try await following(test) { changes in
        try await test.load((0..<700).map { .test("g\($0)", revision: "r\($0)") })
        var told: Set<Int64> = []
        while told.count < 700 {
          guard case .pushes(let pushes, _) = await changes.next() else { throw StoreError(.failed, "no pushes") }
          told.formUnion(pushes)
        }
        #expect(try await test.rows("select count(*) from push") == [["700"]])
      }
    }
  }

  @Test func whoLooksTooLateHearsThatAnythingMayHaveChanged() async throws {
    let test = try await TestStore(.sqlite)
    try await following(test) { changes in
      // In one transaction, so that it is between two looks.
      try await test.load((0..<ChangeNotes.kept + 10).map { .test("g\($0)", revision: "r\($0)") })
      #expect(await changes.next() == .anything)
      #expect(try await test.rows("select count(*) from push_change") == [["\(ChangeNotes.kept)"]])
      try await test.load([.test("after", revision: "r0")])
      #expect(await changes.next() == .pushes([try await push(test, "r0")], repository: try await repository(test)))
    }
  }

  @Test func aConnectionThatIsLostIsMadeAnew() async throws {
    let test = try await TestStore(.postgreSQL)
    try await following(test) { changes in
      let ended = try await test.rows(
        """
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query like 'listen%'
        """)
      #expect(ended.count == 1)
      #expect(await changes.next() == .anything)
      try await test.load([.test("a")])
      #expect(await changes.next() == .pushes([try await push(test)], repository: try await repository(test)))
    }
  }

  @Test(arguments: ["", "1", "1:", ":1", "1:a", "1:2,b", "a:1", "1:2:3"])
  func aNotificationOfSomebodyElseIsNotOurs(_ text: String) {
    #expect(ChangeNotes.change(text) == nil)
  }
}
