import Foundation
import GRDB
import Support
import Testing

@testable import JobStore

@Suite struct JobMergeTests {
  static func record(_ state: JobRecord.State, _ change: (inout JobRecord) -> Void = { _ in }) -> JobRecord {
    var record = JobRecord(
      repository: "orchard", revision: "ba0d49136409", guid: "g", state: state,
      result: state == .completed ? "success" : "unknown", name: "name \(state)", symbol: "B", groupSymbol: "?",
      buildSystem: "ci", signature: "s\(state.rawValue)")
    change(&record)
    return record
  }

  /// A lifecycle in which every state knows something that the others do not, or know otherwise.
  static let lifecycle = [
    record(.unscheduled) {
      $0.who = "unscheduled"
      $0.product = "p0"
    },
    record(.pending) {
      $0.who = "pending"
      $0.reason = "r1"
      $0.submitTime = 1
      $0.machine = "m1"
      $0.logs = [LogRecord(name: "early", url: "u")]
    },
    record(.running) {
      $0.who = "running"
      $0.startTime = 2
      $0.reason = "r2"
      $0.machinePlatform = .init(os: "linux", platform: "linux64", architecture: "x86_64")
      $0.details = [DetailRecord(title: "t", value: "v", url: nil)]
    },
    record(.completed) {
      $0.endTime = 3
      $0.submitTime = 4
      $0.options = ["opt"]
      $0.optionHash = "h"
      $0.logs = [
        LogRecord(
          name: "early", url: "u", parseStatus: .parsed,
          steps: [
            .init(
              name: "s", result: "success", started: nil, finished: nil, firstLine: 1, lastLine: 2,
              errors: [.init(line: "e", lineNumber: 1)])
          ])
      ]
    },
  ]

  /// Everything that is stored of jobs, without the ids, which follow the order of arrival.
  static func contents(after messages: [JobRecord]) async throws -> [String] {
    let path = try Repository.temporaryFolder().appending(path: "store.db").path
    let store = try SQLiteStore(path: path)
    try await store.migrate()
    for message in messages {
      _ = try await store.load([.init(origin: origin, content: .job(message))], createsPushes: true)
    }
    try await store.close()
    let queue = try DatabaseQueue(path: path)
    return try await queue.read { db in
      try [
        "select \(JobMerge.columns.filter { $0 != "last_modified" }.joined(separator: ", ")), superseded_by from job",
        "select name, url, parse_status, errors_truncated from job_log order by name, url",
        "select name, result, first_line, last_line from log_step order by position",
        "select line_number, line from log_error order by id",
        "select title, value, url, content_type from job_detail order by title",
      ].map { sql in try Row.fetchAll(db, sql: sql).map(\.description).joined(separator: "\n") }
    }
  }

  static let origin = IncomingItem.Origin(exchange: "e", routingKey: "k", receivedTime: 0)

  @Test func aLifecycleEndsInTheSameRowsInEveryOrder() async throws {
    let expected = try await Self.contents(after: Self.lifecycle)
    for order in permutations(Array(Self.lifecycle.indices)) {
      let contents = try await Self.contents(after: order.map { Self.lifecycle[$0] })
      #expect(contents == expected, "in the order \(order)")
    }
  }

  @Test func aLifecycleEndsInTheSameRowsWithAnyDuplication() async throws {
    let expected = try await Self.contents(after: Self.lifecycle)
    for _ in 0..<30 {
      let order = (Self.lifecycle.indices + (0..<6).map { _ in Self.lifecycle.indices.randomElement() ?? 0 }).shuffled()
      let contents = try await Self.contents(after: order.map { Self.lifecycle[$0] })
      #expect(contents == expected, "in the order \(order)")
    }
  }

  @Test func theHighestStateThatKnowsAFieldSaysWhatItIs() async throws {
    let job = try await Self.contents(after: Self.lifecycle)[0]
    #expect(job.contains("state:3"))
    #expect(job.contains("name:\"name completed\""))
    #expect(job.contains("who:\"running\""))
    #expect(job.contains("reason:\"r2\""))
    #expect(job.contains("product:\"p0\""))
    #expect(job.contains("submit_time:4"))
    #expect(job.contains("start_time:2"))
    #expect(job.contains("machine:\"m1\""))
  }

  @Test func ofTwoMessagesOfOneStateTheLaterCounts() async throws {
    let contents = try await Self.contents(after: [
      Self.record(.running) { $0.who = "first" }, Self.record(.running) { $0.who = "second" },
    ])
    #expect(contents[0].contains("who:\"second\""))
  }

  @Test func ofTwoCompletedMessagesTheFirstCounts() async throws {
    let contents = try await Self.contents(after: [
      Self.record(.completed) { $0.who = "first" },
      Self.record(.completed) {
        $0.who = "second"
        $0.result = "busted"
        $0.reason = "known to the second only"
      },
    ])
    #expect(contents[0].contains("who:\"first\""))
    #expect(contents[0].contains("result:\"success\""))
    #expect(contents[0].contains("reason:\"known to the second only\""))
  }

  private func permutations(_ items: [Int]) -> [[Int]] {
    guard items.count > 1 else { return [items] }
    return items.flatMap { first in permutations(items.filter { $0 != first }).map { [first] + $0 } }
  }
}
