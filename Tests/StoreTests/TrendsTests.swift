import Support
import Testing

@testable import JobStore

/// What the page of trends asks of a store.
@Suite struct TrendsTests {
  private static let hour: Int64 = 3_600_000
  private static let begin: Int64 = 480_000 * hour

  /// A time in the window, or outside of it.
  private static func at(_ hours: Double) -> Int64 { begin + Int64(hours * Double(hour)) }

  private static func job(
    _ guid: String, _ state: JobRecord.State = .completed, _ result: String = "success", type: String = "t",
    push: String = "a", start: Int64? = nil, end: Int64? = nil
  ) -> JobRecord {
    .test(guid, state, revision: String(repeating: push, count: 40)) {
      if state == .completed { $0.result = result }
      ($0.name, $0.symbol, $0.startTime, $0.endTime) = ("name of \(type)", type, start, end)
    }
  }

  /// A store with pushes at hours of the window.
  private static func store(_ backend: Backend, pushes: [(String, Double)]) async throws -> TestStore {
    let test = try await TestStore(backend)
    for (name, hours) in pushes {
      _ = try await test.store.add(
        PushRecord(
          repository: "orchard", revision: String(repeating: name, count: 40), author: nil, pushTime: at(hours)))
    }
    return test
  }

  private static func trends(
    of test: TestStore, _ change: (inout TrendsQuery) -> Void = { _ in }
  ) async throws -> JobTrends {
    let repository = try #require(try await test.store.repositoryID("orchard"))
    var query = TrendsQuery(repository: repository, begin: begin, hours: 4)
    change(&query)
    return try await test.store.trends(query)
  }

  @Test(arguments: Backend.allCases)
  func jobsCountInTheHourOfTheirLastTime(_ backend: Backend) async throws {
    let test = try await Self.store(backend, pushes: [("a", 1.5), ("b", -0.1), ("c", 4)])
    try await test.load([
      Self.job("ended", start: Self.at(0.2), end: Self.at(2.1)),
      Self.job("ended too", start: Self.at(2.2), end: Self.at(2.99999)),
      Self.job("busted", .completed, "busted", end: Self.at(2)),
      Self.job("runs", .running, start: Self.at(3)),
      Self.job("submitted", .pending),
      Self.job("before", end: Self.at(-0.001)), Self.job("after", end: Self.at(4)),
      // Of pushes that are not of the window, and of another repository.
      Self.job("old", push: "b", end: Self.at(1)), Self.job("new", push: "c", end: Self.at(1)),
      .test("foreign") { $0.repository = "pasture" },
    ])
    let trends = try await Self.trends(of: test)
    #expect(trends.pushes == 1 && trends.jobs == 7 && trends.outside == 2 && trends.cutAt == nil)
    #expect(
      trends.outcomes == [
        .init(hour: 1, state: .pending, result: "unknown", jobs: 1),
        .init(hour: 2, state: .completed, result: "busted", jobs: 1),
        .init(hour: 2, state: .completed, result: "success", jobs: 2),
        .init(hour: 3, state: .running, result: "unknown", jobs: 1),
      ])
    #expect(try await Self.trends(of: test) { $0.repository = 99 }.jobs == 0)
  }

  @Test(arguments: Backend.allCases)
  func lagIsTheTimeUntilAJobWasStoredLast(_ backend: Backend) async throws {
    let test = try await Self.store(backend, pushes: [("a", 0)])
    try await test.load(
      (1...40).map { Self.job("job \($0)", end: Self.at(1)) }
        + [
          Self.job("ahead", end: Self.at(2)), Self.job("superseded", .completed, "superseded", end: Self.at(1)),
          Self.job("says nothing"),
        ])
    try await test.execute(
      """
      update job set last_modified = \(Self.at(1)) + cast(substr(guid, 5) as bigint) * 1000 where guid like 'job %';
      update job set last_modified = 0 where guid = 'ahead'
      """)
    let trends = try await Self.trends(of: test)
    #expect(
      trends.lags == [
        .init(hour: 1, jobs: 40, median: 20_000, high: 38_000),
        .init(hour: 2, jobs: 1, median: 0, high: 0),
      ])
  }

  @Test(arguments: Backend.allCases)
  func theTypesThatFailMostAreToldByHour(_ backend: Backend) async throws {
    let test = try await Self.store(backend, pushes: [("a", 0)])
    var number = 0
    func jobs(_ count: Int, _ result: String, _ type: String, _ hour: Double) -> [JobRecord] {
      (0..<count).map { _ in
        number += 1
        return Self.job("\(number)", .completed, result, type: type, end: Self.at(hour))
      }
    }
    try await test.load(
      jobs(2, "busted", "worst", 0.5) + jobs(1, "exception", "worst", 3.5) + jobs(5, "success", "worst", 3.6)
        + jobs(1, "testfailed", "bad", 1) + jobs(1, "testfailed", "bad", 2) + jobs(3, "success", "bad", 2)
        + jobs(1, "retry", "bad", 2) + jobs(1, "usercancel", "bad", 2) + jobs(1, "superseded", "bad", 3)
        + jobs(1, "busted", "less", 1) + jobs(9, "success", "well", 1)
        + [Self.job("x", .running, type: "bad", start: Self.at(3))])
    let trends = try await Self.trends(of: test) { $0.failingTypes = 2 }
    let told = trends.failures.map { failures in
      "\(trends.types[failures.type]?.symbol ?? "-") \(failures.hour): \(failures.failed) of \(failures.finished)"
    }
    #expect(told.sorted() == ["bad 1: 1 of 1", "bad 2: 1 of 4", "worst 0: 2 of 2", "worst 3: 1 of 6"])
    #expect(Set(trends.types.values.map(\.name)) == ["name of worst", "name of bad"])
  }

  @Test(arguments: Backend.allCases)
  func theSlowestTypesAreToldWithMedianAndPercentile(_ backend: Backend) async throws {
    let test = try await Self.store(backend, pushes: [("a", 0)])
    func job(_ guid: String, _ type: String, _ seconds: Int64?, _ result: String = "success") -> JobRecord {
      Self.job(
        guid, .completed, result, type: type, start: seconds.map { Self.at(2) - $0 * 1000 }, end: Self.at(2))
    }
    try await test.load(
      (Int64(1)...20).map { job("even \($0)", "even", $0) }

        + (Int64(1)...3).map { job("odd \($0)", "odd", 100 + $0, "busted") }
        + [
          job("one", "one", 7), job("cancelled", "one", 9999, "usercancel"), job("backwards", "one", -5),
          job("without", "one", nil), job("quick", "quick", 0),
        ])
    let trends = try await Self.trends(of: test) { $0.slowTypes = 3 }
    #expect(trends.durations.map { trends.types[$0.type]?.symbol } == ["odd", "even", "one"])
    #expect(trends.durations.map(\.jobs) == [3, 20, 1])
    #expect(trends.durations.map(\.median) == [102_000, 10_000, 7000])
    #expect(trends.durations.map(\.high) == [103_000, 19_000, 7000])
  }

  @Test(arguments: Backend.allCases)
  func noMoreJobsAreReadThanAskedFor(_ backend: Backend) async throws {
    let test = try await Self.store(backend, pushes: [("a", 1), ("b", 2), ("c", 3)])
    try await test.load(
      ["a", "b", "c"].flatMap { push in
        (0..<4).map { Self.job("\(push)\($0)", push: push, end: Self.at(3.5)) }
      })
    func read(_ maximum: Int) async throws -> [Int64?] {
      let trends = try await Self.trends(of: test) { $0.maximumJobs = maximum }
      #expect(trends.outcomes.reduce(0) { $0 + $1.jobs } == trends.jobs)
      return [Int64(trends.pushes), Int64(trends.jobs), trends.cutAt.map { ($0 - Self.begin) / Self.hour }]
    }
    #expect(try await read(12) == [3, 12, nil])
    #expect(try await read(11) == [2, 8, 2])
    #expect(try await read(4) == [1, 4, 3])
    #expect(try await read(3) == [1, 3, 3])
  }

  @Test(arguments: Backend.allCases)
  func timesAtTheEndsOfNumbersDoNoHarm(_ backend: Backend) async throws {
    let test = try await Self.store(backend, pushes: [("a", 0)])
    let times: [Int64] = [.min, .min + 1, -1, 0, 1, .max - 1, .max]
    try await test.load(
      times.map { Self.job("end \($0)", start: 5, end: $0) }
        + times.map { Self.job("start \($0)", start: $0, end: Self.at(1)) })
    try await test.execute("update job set last_modified = \(Int64.max) where guid = 'start 1'")
    let trends = try await Self.trends(of: test)
    #expect(trends.jobs == 14 && trends.outside == 7)
    #expect(trends.durations.map(\.jobs) == [1])
  }
}
