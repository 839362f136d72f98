import Support
import Testing

@testable import JobStore

/// What the web page asks of a store.
@Suite struct MatrixTests {
  @Test(arguments: Backend.allCases)
  func aMatrixHasTheJobsOfEachPushAndWhatTheyReferTo(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let revisions = ["a", "b"].map { String(repeating: $0, count: 40) }
    try await test.load([
      .test("1", revision: revisions[0]) {
        $0.groupName = "Builds"
        $0.options = ["opt", "pgo"]
        $0.optionHash = "o"
        $0.buildPlatform = .init(os: "l", platform: "built", architecture: "x")
      },
      .test("2", .completed, revision: revisions[0]) {
        $0.tier = 3
        $0.result = "busted"
        $0.machinePlatform = .init(os: "l", platform: "ran", architecture: "x")
        $0.buildPlatform = .init(os: "l", platform: "built", architecture: "x")
      },
      .test("3", revision: revisions[1]), .test("4", revision: revisions[1]) { $0.repository = "pasture" },
    ])
    let (first, second, foreign) = (Int64(1), Int64(2), Int64(3))
    let repository = try #require(try await test.store.repositoryID("orchard"))
    let matrix = try await test.store.matrix(ofPushes: [first, second, foreign, 99], in: repository, maximum: 10)
    #expect(Set(matrix.jobs.keys) == [first, second])
    let jobs = try #require(matrix.jobs[first])
    #expect(jobs.count == 2)
    #expect(jobs.integer(0, JobMatrix.JobColumn.state) == 1 && jobs.integer(1, JobMatrix.JobColumn.state) == 3)
    #expect(jobs.integer(0, JobMatrix.JobColumn.tier) == 1 && jobs.integer(1, JobMatrix.JobColumn.tier) == 3)
    #expect(jobs.text(1, JobMatrix.JobColumn.result) == "busted")
    func name(_ rows: RowTable, _ id: Int64?) -> String? {
      (0..<rows.count).first { rows.integer($0, JobMatrix.NameColumn.id) == id }.flatMap {
        rows.text($0, JobMatrix.NameColumn.name)
      }
    }
    #expect(name(matrix.platforms, jobs.integer(0, JobMatrix.JobColumn.platformID)) == "built")
    #expect(name(matrix.platforms, jobs.integer(1, JobMatrix.JobColumn.platformID)) == "ran")
    #expect(name(matrix.options, jobs.integer(0, JobMatrix.JobColumn.optionsID)) == "opt pgo")
    #expect(name(matrix.groupNames, jobs.integer(0, JobMatrix.JobColumn.groupNameID)) == "Builds")
    #expect(matrix.groups.count == 1 && matrix.types.count == 2)
    let bounded = try await test.store.matrix(ofPushes: [first, second], in: repository, maximum: 1)
    #expect(bounded.jobs[first]?.count == 1 && bounded.jobs[second]?.count == 1)
  }

  @Test(arguments: Backend.allCases)
  func historyGoesBackThroughAsManyPushesAsAsked(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    for number in 0..<5 {
      let revision = String(repeating: "\(number)", count: 40)
      // The pushes' times run against their numbers.
      _ = try await test.store.add(
        PushRecord(repository: "orchard", revision: revision, author: nil, pushTime: Int64(100 - number)))
      try await test.load([
        .test("job \(number)", revision: revision), .test("done \(number)", .completed, revision: revision),
      ])
    }
    let repository = try #require(try await test.store.repositoryID("orchard"))
    let job = try #require(
      try await test.rows("select id from job where guid = 'job 1'").first?.first.flatMap { Int64($0) })
    func revisions(_ query: HistoryQuery) async throws -> String {
      let rows = try await test.store.history(query)
      return (0..<rows.count).map { String(rows.text($0, HistoryColumn.revision)?.first ?? "-") }.joined()
    }
    #expect(try await revisions(HistoryQuery(repository: repository, job: job)) == "234")
    #expect(try await revisions(HistoryQuery(repository: repository, job: job, count: 2)) == "23")
    #expect(try await revisions(HistoryQuery(repository: repository, job: job, pushes: 2)) == "2")
    #expect(try await revisions(HistoryQuery(repository: repository + 1, job: job)) == "")
    #expect(try await revisions(HistoryQuery(repository: repository, job: 999)) == "")
  }

  @Test(arguments: Backend.allCases)
  func projectsComeWithTheLatestPushCountedForTheMostRecentOnes(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    for (name, time) in [("b", 20), ("a", 10), ("c", 30)] {
      for (revision, offset) in [("1", 5), ("2", 0)] {
        _ = try await test.store.add(
          PushRecord(
            repository: name, revision: String(repeating: revision, count: 40), author: "me",
            pushTime: Int64(time + offset)))
      }
      try await test.load([
        .test("in \(name)", revision: String(repeating: "1", count: 40)) { $0.repository = name },
        .test("too in \(name)", revision: String(repeating: "2", count: 40)) { $0.repository = name },
      ])
    }
    _ = try await test.store.setRepository("none", isActive: false)
    let projects = try await test.store.projects(counting: 2)
    #expect(projects.map(\.name) == ["a", "b", "c", "none"])
    #expect(projects.map { $0.latest?.time } == [15, 25, 35, nil])
    #expect(projects.map { $0.latest?.counts?.count } == [nil, 1, 1, nil])
    #expect(projects[1].latest?.revision.first == "1" && projects[1].latest?.author == "me" && !projects[3].isActive)
  }

  @Test(arguments: Backend.allCases)
  func errorLinesAreToldInTheOrderOfLogsAndSteps(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.load([
      .test("a", .completed) { job in
        job.logs = [
          LogRecord(
            name: "l", url: "u", parseStatus: .parsed,
            steps: (0..<3).map { step in
              .init(
                name: "s", result: "busted", started: nil, finished: nil, firstLine: 0, lastLine: 1,
                errors: (0..<3).map { .init(line: "\(step)\($0)", lineNumber: nil) })
            })
        ]
      }
    ])
    let rows = try await test.store.errorLines(ofJob: 1, count: 5)
    #expect((0..<rows.count).map { rows.text($0, JobSteps.ErrorColumn.line) } == ["00", "01", "02", "10", "11"])
  }
}
