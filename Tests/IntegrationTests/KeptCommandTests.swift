import Foundation
import JobStore
import Support
import Testing

/// `drover rejected` and `drover waiting`.
@Suite struct KeptCommandTests {
  static func job(_ task: String, state: String = "pending") -> String {
    """
    {"taskId": "\(task)", "buildSystem": "ci", "state": "\(state)", "jobKind": "build", "version": 1, \
    "origin": {"project": "orchard", "revision": "ba0d49136409ae56d053e5873d34a305eeb6f770"}, \
    "display": {"jobName": "b", "jobSymbol": "B", "groupSymbol": "?"}}
    """
  }

  /// A store with rejected messages, numbered from 1.
  func store(_ kind: CommandStore.Kind, rejecting bodies: [[UInt8]]) async throws -> CommandStore {
    let store = try await CommandStore(kind)
    let items = bodies.map { body in
      IncomingItem(
        origin: .init(exchange: "exchange/me/v1/jobs", routingKey: "treeherder.\u{1B}[31m", receivedTime: 1_500),
        content: .rejected(reasons: "first error\nsecond error", body: body))
    }
    _ = try await store.open { try await $0.load(items, policy: LoadPolicy()) }
    return store
  }

  @Test(arguments: CommandStore.Kind.allCases)
  func listPrintsALineForEachMessageTheNewestLast(_ kind: CommandStore.Kind) async throws {
    let store = try await store(kind, rejecting: [[1, 2, 3], Array("no json".utf8)])
    let text = try await store.drover("rejected", "list")
    #expect(text.status == 0 && text.lastLine == "2 rejected", "\(text.errors)")
    let lines = text.output.split(separator: "\n")
    #expect(lines.count == 3 && lines[0].hasPrefix("ID  RECEIVED"))
    #expect(
      lines[1]
        == #" 1  1970-01-01T00:00:01.500Z      3  exchange/me/v1/jobs  treeherder.\u{1B}[31m  first error (and 1 more)"#
    )
    #expect(lines[2].hasPrefix(" 2  1970-01-01T00:00:01.500Z      7  "))

    let json = try await store.drover("rejected", "list", "--output", "json")
    let objects = try json.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(objects.map { $0["id"] as? Int } == [1, 2] && objects.map { $0["size"] as? Int } == [3, 7])
    #expect(objects[0]["errors"] as? [String] == ["first error", "second error"])
    #expect(objects[0]["routingKey"] as? String == "treeherder.\u{1B}[31m")
    #expect(objects[0]["exchange"] as? String == "exchange/me/v1/jobs")
    #expect(objects[0]["received"] as? String == "1970-01-01T00:00:01.500Z")
  }

  @Test func moreMessagesThanAPageAreAllListed() async throws {
    let store = try await store(.sqlite, rejecting: (0..<1_001).map { Array("\($0)".utf8) })
    let result = try await store.drover("rejected", "list", "--output", "json")
    #expect(result.output.split(separator: "\n").count == 1_001 && result.lastLine == "1001 rejected")
  }

  @Test(arguments: CommandStore.Kind.allCases)
  func showPrintsEveryErrorAndTheBodyOrTheBodyAlone(_ kind: CommandStore.Kind) async throws {
    let text = "{\"a\":\t1}\n\u{1B}]0;title\u{7}"
    let store = try await store(kind, rejecting: [Array(text.utf8), [0xFF, 0x41, 0x0A]])
    let readable = try await store.drover("rejected", "show", "1")
    #expect(readable.status == 0 && readable.errors.isEmpty)
    #expect(readable.output.contains("error        first error\nerror        second error\n"))
    #expect(readable.output.hasSuffix("\n\n{\"a\":\t1}\n\\u{1B}]0;title\\u{7}\n"), "\(readable.output)")
    #expect(try await store.drover("rejected", "show", "1", "--body").output == text)

    let binary = try await store.drover("rejected", "show", "2")
    #expect(binary.output.hasSuffix("00000000  ff 41 0a" + String(repeating: " ", count: 41) + ".A.\n"))
    let unknown = try await store.drover("rejected", "show", "3")
    #expect(unknown.status == 1 && unknown.output.isEmpty)
    #expect(unknown.errors.hasPrefix("drover: there is no rejected message 3: "), "\(unknown.errors)")
  }

  @Test(arguments: CommandStore.Kind.allCases)
  func replayStoresWhatCanBeStoredAndSaysOfEachOtherWhy(_ kind: CommandStore.Kind) async throws {
    let bodies = [Self.job("a"), Self.job("b"), "no json", Self.job("c", state: "nonsense")]
    let store = try await store(kind, rejecting: bodies.map { Array($0.utf8) })
    let some = try await store.drover("rejected", "replay", "1", "99", "3", "1")
    #expect(some.status == 1)
    #expect(some.lastLine == "1 stored, 0 waiting, 1 refused again, 0 duplicates, 1 unknown", "\(some.errors)")
    #expect(some.errors.contains("drover: there is no rejected message 99: "))
    #expect(some.errors.contains("drover: rejected message 3 is refused again: "))
    #expect(some.errors.split(separator: "\n").count == 3, "\(some.errors)")

    let all = try await store.drover("rejected", "replay", "--all", "--no-create-pushes")
    #expect(all.status == 1)
    #expect(all.lastLine == "1 stored, 0 waiting, 2 refused again, 0 duplicates", "\(all.errors)")
    let list = try await store.drover("rejected", "list", "--output", "json").output
    #expect(list.split(separator: "\n").map { $0.contains("first error") } == [false, false])
    let counts = try await store.open { try await $0.counts() }
    #expect(counts.jobs == 2 && counts.rejected == 2)

    let good = try await self.store(kind, rejecting: [Array(Self.job("a").utf8)])
    let waiting = try await good.drover("rejected", "replay", "--all", "--no-create-pushes")
    #expect(waiting.status == 0)
    #expect(waiting.lastLine == "0 stored, 1 waiting, 0 refused again, 0 duplicates", "\(waiting.errors)")
    let nothing = try await good.drover("rejected", "replay", "--all")
    #expect(nothing.status == 0 && nothing.lastLine == "0 stored, 0 waiting, 0 refused again, 0 duplicates")
  }

  @Test(arguments: CommandStore.Kind.allCases)
  func aReplayThatIsKilledLosesNothingAndDoublesNothing(_ kind: CommandStore.Kind) async throws {
    let count = 20_000
    let store = try await store(kind, rejecting: (0..<count).map { Array(Self.job("job-\($0)").utf8) })
    let program = try Program.drover("rejected", "replay", "--all", environment: ["DROVER_STORE": store.url])
    let watching = try StoreURL(store.url).open()
    try await eventually("the first batch") { try await watching.counts().jobs > 0 }
    program.send(SIGKILL)
    #expect(try await program.result().wasKilled)
    let counts = try await watching.counts()
    #expect(counts.jobs + counts.rejected == count && counts.jobs > 0 && counts.rejected > 0)
    try await watching.close()
    let rest = try await store.drover("rejected", "replay", "--all")
    #expect(rest.status == 0)
    #expect(rest.lastLine == "\(counts.rejected) stored, 0 waiting, 0 refused again, 0 duplicates")
    #expect(try await store.open { try await $0.counts().jobs } == count)
  }

  @Test(arguments: CommandStore.Kind.allCases)
  func waitingListPrintsEveryPushThatIsAwaited(_ kind: CommandStore.Kind) async throws {
    let store = try await CommandStore(kind)
    let records = [
      ("a", JobRecord.State.pending, "fff"), ("a", .running, "fff"), ("b", .pending, "fff"), ("c", .pending, "eee"),
    ]
    .enumerated().map { index, job in
      IncomingItem(
        origin: .init(exchange: "e", routingKey: "k", receivedTime: Int64(index) * 1_000),
        content: .job(
          JobRecord(
            repository: "orchard", revision: job.2, guid: job.0, state: job.1, result: "unknown", name: "n",
            symbol: "B", groupSymbol: "?", buildSystem: "ci", signature: "s")))
    }
    _ = try await store.open { try await $0.load(records, policy: LoadPolicy(createsPushes: false)) }
    let text = try await store.drover("waiting", "list")
    #expect(text.status == 0 && text.lastLine == "3 jobs wait for 2 pushes", "\(text.errors)")
    #expect(
      text.output == """
        REPOSITORY  REVISION  JOBS  SINCE
        orchard     fff          2  1970-01-01T00:00:00.000Z
        orchard     eee          1  1970-01-01T00:00:03.000Z

        """)
    let json = try await store.drover("waiting", "list", "--output", "json")
    #expect(
      json.output == """
        {"jobs":2,"messages":3,"repository":"orchard","revision":"fff","since":"1970-01-01T00:00:00.000Z"}
        {"jobs":1,"messages":1,"repository":"orchard","revision":"eee","since":"1970-01-01T00:00:03.000Z"}

        """)
    _ = try await store.open {
      try await $0.add(PushRecord(repository: "orchard", revision: "fff", author: nil, pushTime: 0))
    }
    #expect(try await store.drover("waiting", "list").lastLine == "1 jobs wait for 1 pushes")
  }
}

/// `drover repositories`.
@Suite struct RepositoryCommandTests {
  @Test(arguments: CommandStore.Kind.allCases)
  func repositoriesAreAddedDeactivatedAndActivated(_ kind: CommandStore.Kind) async throws {
    let store = try await CommandStore(kind)
    let added = try await store.drover("repositories", "add", "pasture", "orchard", "pasture")
    #expect(added.status == 0 && added.lastLine == "2 added, 0 there before", "\(added.errors)")
    let again = try await store.drover("repositories", "add", "orchard")
    #expect(again.status == 0 && again.lastLine == "0 added, 1 there before", "\(again.errors)")

    let deactivated = try await store.drover("repositories", "deactivate", "orchard", "nowhere")
    #expect(deactivated.status == 1 && deactivated.lastLine == "1 inactive, 1 unknown")
    #expect(deactivated.errors.contains("drover: there is no repository nowhere: "), "\(deactivated.errors)")
    let inactive = try await store.drover("repositories", "add", "orchard", "meadow")
    #expect(inactive.status == 1 && inactive.lastLine == "1 added, 1 there before", "\(inactive.errors)")
    #expect(inactive.errors.contains("the repository orchard is there and inactive"))

    let list = try await store.drover("repositories", "list")
    #expect(list.status == 0 && list.lastLine == "3 repositories, 1 of them inactive")
    #expect(
      list.output == """
        REPOSITORY  STATUS
        meadow      active
        orchard     inactive
        pasture     active

        """)
    #expect(try await store.drover("repositories", "activate", "orchard").status == 0)
    #expect(
      try await store.drover("repositories", "list", "--output", "json").output == """
        {"active":true,"name":"meadow"}
        {"active":true,"name":"orchard"}
        {"active":true,"name":"pasture"}

        """)
  }

  @Test func jobsOfAnInactiveRepositoryAreSkippedOnReplayAndByAListener() async throws {
    let store = try await CommandStore(.sqlite)
    _ = try await store.drover("repositories", "add", "orchard", "pasture")
    _ = try await store.drover("repositories", "deactivate", "orchard")
    let name = PrivateBroker.uniqueName("inactive")
    let exchange = "exchange/\(PrivateBroker.user)/\(name)"
    let config = try Repository.temporaryFolder().appending(path: "exchanges.json")
    try Data(##"[{"exchange": "\##(exchange)", "destinations": ["d"], "projects": ["#"]}]"##.utf8).write(to: config)
    let environment = ["PULSE_URL": try await PrivateBroker.shared().url, "DROVER_CONFIG": config.path]
    let listen = ["listen", "--queue", name, "--until-empty"]
    #expect(try await store.drover(listen, environment: environment).status == 0)
    let published = try await store.drover(
      [
        "publish", "--exchange", exchange, "--destination", "d",
        Repository.samples.appending(path: "orchard.jsonl").path,
        Repository.samples.appending(path: "pasture.jsonl").path,
      ], environment: environment)
    #expect(published.status == 0)
    let listened = try await store.drover(listen, environment: environment)
    #expect(listened.status == 0)
    #expect(listened.lastLine.hasSuffix(" skipped") && !listened.lastLine.hasPrefix("0 stored"), "\(listened.lastLine)")
    let projects = try await store.open { try await $0.pushSummaries().map(\.repository) }
    #expect(Set(projects) == ["pasture"])

    let origin = IncomingItem.Origin(exchange: "e", routingKey: "k", receivedTime: 0)
    let rejected = IncomingItem.Content.rejected(reasons: "why", body: Array(KeptCommandTests.job("a").utf8))
    _ = try await store.open { try await $0.load([.init(origin: origin, content: rejected)], policy: LoadPolicy()) }
    let replayed = try await store.drover("rejected", "replay", "1")
    #expect(replayed.status == 1 && replayed.lastLine.hasSuffix("1 skipped"), "\(replayed.errors)")
    #expect(try await store.open { try await $0.counts().rejected } == 1)
  }
}
