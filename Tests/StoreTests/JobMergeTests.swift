import Support
import Testing

@testable import JobStore

/// What messages of one job become.
@Suite struct JobMergeTests {
  /// A lifecycle in which every state knows something that the others do not, or know otherwise.
  static func lifecycle(of guid: String) -> [JobRecord] {
    [
      .test(guid, .unscheduled) {
        $0.who = "unscheduled"
        $0.product = "p0"
      },
      .test(guid, .pending) {
        $0.who = "pending"
        $0.reason = "r1"
        $0.submitTime = 1
        $0.machine = "m1"
        $0.groupName = "group"
        $0.logs = [LogRecord(name: "early", url: "u")]
        $0.artifacts = [ArtifactRecord(name: "a", type: "text", blob: "pending")]
      },
      .test(guid, .running) {
        $0.who = "running"
        $0.startTime = 2
        $0.reason = "r2"
        $0.machinePlatform = .init(os: "linux", platform: "linux64", architecture: "x86_64")
        $0.details = [DetailRecord(title: "t", value: "v", url: nil)]
        $0.artifacts = [ArtifactRecord(name: "a", type: "text", blob: "running")]
      },
      .test(guid, .completed) {
        $0.endTime = 3
        $0.submitTime = 4
        $0.options = ["opt", "debug"]
        $0.optionHash = "h"
        $0.logs = [
          LogRecord(
            name: "early", url: "u", parseStatus: .parsed,
            steps: [
              .init(
                name: "s", result: "success", started: nil, finished: 5, firstLine: 1, lastLine: 2,
                errors: [.init(line: "e", lineNumber: 1), .init(line: "f", lineNumber: nil)])
            ])
        ]
      },
    ]
  }

  /// Everything that is stored of a job, without the ids, which follow the order of arrival.
  static func contents(of guid: String, in test: TestStore) async throws -> [String] {
    try await [
      """
      select state, result, message_state, t.name, t.symbol, g.symbol, b.name, s.hash, n.name, p.name, reason, who, tier,
        submit_time, start_time, end_time, f.platform, m.name, o.options, superseded_by, provenance, push.revision
      from job join job_type t on t.id = job_type_id join job_group g on g.id = job_group_id
      join build_system b on b.id = build_system_id join signature s on s.id = signature_id
      join push on push.id = push_id
      left join job_group_name n on n.id = job_group_name_id left join product p on p.id = product_id
      left join platform f on f.id = machine_platform_id left join machine m on m.id = machine_id
      left join option_collection o on o.id = option_collection_id
      where guid = '\(guid)'
      """,
      """
      select l.name, url, parse_status, errors_truncated from job_log l join job on job.id = job_id
      where guid = '\(guid)' order by l.name, url
      """,
      """
      select s.position, s.name, s.result, finished_time, last_line, e.position, line_number, line
      from log_step s join job_log l on l.id = s.log_id join job on job.id = job_id
      left join log_error e on e.log_id = l.id and e.step = s.position
      where guid = '\(guid)' order by s.position, e.position
      """,
      """
      select title, value, url, content_type from job_detail join job on job.id = job_id where guid = '\(guid)'
      order by title
      """,
      "select a.name, type, blob from artifact a join job on job.id = job_id where guid = '\(guid)' order by a.name",
    ].asyncMap { query in try await test.rows(query).map { $0.joined(separator: "|") }.joined(separator: "\n") }
  }

  @Test(arguments: Backend.allCases)
  func aLifecycleEndsInTheSameRowsInEveryOrder(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    for message in Self.lifecycle(of: "expected") { try await test.load([message]) }
    let expected = try await Self.contents(of: "expected", in: test)
    for (index, order) in permutations([0, 1, 2, 3]).enumerated() {
      for message in order { try await test.load([Self.lifecycle(of: "\(index)")[message]]) }
      let contents = try await Self.contents(of: "\(index)", in: test)
      #expect(contents == expected, "in the order \(order)")
    }
  }

  @Test(arguments: Backend.allCases)
  func aLifecycleEndsInTheSameRowsInOneBatchInEveryOrder(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    for message in Self.lifecycle(of: "expected") { try await test.load([message]) }
    let expected = try await Self.contents(of: "expected", in: test)
    let orders = permutations([0, 1, 2, 3])
    // All lifecycles side by side: every batch holds each job several times.
    try await test.load(
      (0..<4).flatMap { turn in
        orders.indices.map { Self.lifecycle(of: "\($0)")[orders[$0][turn]] }
      })
    for (index, order) in orders.enumerated() {
      #expect(try await Self.contents(of: "\(index)", in: test) == expected, "in the order \(order)")
    }
  }

  @Test(arguments: Backend.allCases)
  func aLifecycleEndsInTheSameRowsWithAnyDuplication(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    for message in Self.lifecycle(of: "expected") { try await test.load([message]) }
    let expected = try await Self.contents(of: "expected", in: test)
    for index in 0..<30 {
      let order = ([0, 1, 2, 3] + (0..<6).map { _ in Int.random(in: 0..<4) }).shuffled()
      let split = Int.random(in: 0...order.count)
      for part in [order[..<split], order[split...]] {
        try await test.load(part.map { Self.lifecycle(of: "\(index)")[$0] })
      }
      #expect(try await Self.contents(of: "\(index)", in: test) == expected, "in the order \(order)")
    }
  }

  @Test(arguments: Backend.allCases)
  func severalWritersAtOnceEndInTheSameRows(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    for message in Self.lifecycle(of: "expected") { try await test.load([message]) }
    let expected = try await Self.contents(of: "expected", in: test)
    let guids = (0..<40).map { "job \($0)" }
    let messages = guids.flatMap(Self.lifecycle)
    // Every message comes twice, each copy to a writer and into a batch of its own choice.
    let copies = (messages + messages).shuffled()
    let url = test.url
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        let share = copies.indices.filter { $0 % 4 == writer }.map { copies[$0] }
        group.addTask {
          let store = try await TestStore.open(url)
          for start in stride(from: 0, to: share.count, by: 16) {
            let batch = share[start..<min(start + 16, share.count)].map {
              IncomingItem(origin: .test, content: .job($0))
            }
            _ = try await store.load(batch, policy: LoadPolicy())
          }
          try await store.close()
        }
      }
      try await group.waitForAll()
    }
    for guid in guids { #expect(try await Self.contents(of: guid, in: test) == expected, "\(guid)") }
  }

  @Test(arguments: Backend.allCases)
  func theHighestStateThatKnowsAFieldSaysWhatItIs(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.load(Self.lifecycle(of: "g"))
    let job = try await Self.contents(of: "g", in: test)[0].split(separator: "|").map(String.init)
    #expect(
      job == [
        "3", "success", "3", "name completed", "B", "?", "ci", "s3", "group", "p0", "r2", "running", "-", "4", "2", "3",
        "linux64", "m1", "debug opt", "-", job[20], "ba0d49136409",
      ])
  }

  @Test(arguments: Backend.allCases)
  func ofTwoMessagesOfOneStateTheLaterCounts(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.load([.test("g", .running) { $0.who = "first" }, .test("g", .running) { $0.who = "second" }])
    #expect(try await test.rows("select who from job") == [["second"]])
  }

  @Test(arguments: Backend.allCases)
  func ofTwoCompletedMessagesTheFirstCounts(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.load([.test("g", .completed) { $0.who = "first" }])
    try await test.load([
      .test("g", .completed) {
        $0.who = "second"
        $0.result = "busted"
        $0.reason = "known to the second only"
      }
    ])
    #expect(
      try await test.rows("select who, result, reason from job") == [["first", "success", "known to the second only"]])
  }

  private func permutations(_ items: [Int]) -> [[Int]] {
    guard items.count > 1 else { return [items] }
    return items.flatMap { first in permutations(items.filter { $0 != first }).map { [first] + $0 } }
  }
}

extension Sequence {
  func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
    var result: [T] = []
    for element in self { result.append(try await transform(element)) }
    return result
  }
}
