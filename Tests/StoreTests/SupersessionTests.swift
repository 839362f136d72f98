import Support
import Testing

@testable import JobStore

/// Jobs that others did the work of.
@Suite struct SupersessionTests {
  @Test(arguments: Backend.allCases)
  func supersededJobsEndSoWhicheverComesFirstAndCompletedOnesStay(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    try await test.load([.test("done", .completed), .test("before")])
    try await test.load([.test("carrier", .completed) { $0.superseded = ["done", "before", "after", "carrier"] }])
    try await test.load([.test("after")])
    #expect(
      try await test.results() == [
        "done": "3 success", "before": "3 superseded", "after": "3 superseded", "carrier": "3 success",
      ])
  }

  @Test(arguments: Backend.allCases)
  func aJobsOwnCompletionOutranksItsSupersessionInEveryOrder(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    for (index, order) in [[0, 1, 2], [0, 2, 1], [1, 2, 0], [2, 0, 1], [2, 1, 0], [1, 0, 2]].enumerated() {
      let messages: [JobRecord] = [
        .test("a\(index)"), .test("a\(index)", .completed),
        .test("b\(index)", .completed) { $0.superseded = ["a\(index)"] },
      ]
      for message in order { try await test.load([messages[message]]) }
      let results = try await test.results()
      #expect(results["a\(index)"] == "3 success" && results["b\(index)"] == "3 success", "in the order \(order)")
    }
  }

  @Test(arguments: Backend.allCases)
  func whatASupersededJobsOwnMessagesSayDoesNotDependOnTheirOrder(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    var contents: Set<[String]> = []
    for (index, order) in [[0, 1, 2], [0, 2, 1], [1, 2, 0], [2, 0, 1], [2, 1, 0], [1, 0, 2]].enumerated() {
      let messages: [JobRecord] = [
        .test("a\(index)") { $0.who = "pending" },
        .test("a\(index)", .running) { $0.who = "running" },
        .test("b\(index)", .completed) { $0.superseded = ["a\(index)"] },
      ]
      for message in order { try await test.load([messages[message]]) }
      contents.insert(
        try await test.rows(
          """
          select state, result, message_state, who, job_type.name, signature.hash from job
          join job_type on job_type.id = job_type_id join signature on signature.id = signature_id
          where guid = 'a\(index)'
          """)[0])
    }
    #expect(contents == [["3", "superseded", "2", "running", "name running", "s2"]])
  }

  @Test(arguments: Backend.allCases)
  func writersAtOnceMissNoSupersession(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let url = test.url
    let guids = (0..<60).map { "job \($0)" }
    try await test.load([.test("first")])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for records in [
        guids.map { JobRecord.test($0) },
        guids.map { guid in .test("carrier of \(guid)", .completed) { $0.superseded = [guid] } },
      ] {
        group.addTask {
          let store = try await TestStore.open(url)
          for record in records.shuffled() {
            _ = try await store.load([.init(origin: .test, content: .job(record))], policy: LoadPolicy())
          }
          try await store.close()
        }
      }
      try await group.waitForAll()
    }
    #expect(try await test.rows("select count(*) from job where result = 'superseded'") == [["60"]])
  }
}
