import Foundation
import Support
import Testing

@testable import JobStore
@testable import WebService

/// The page of trends.
@Suite struct TrendsPageTests {
  /// Two hours ago, at the hour.
  private static var hour: Int64 { Int64(Date().timeIntervalSince1970) / 3600 * 3_600_000 - 7_200_000 }

  /// A push of three hours ago.
  private static func push(_ service: TestService) async throws {
    try await service.push(TestService.revision, at: hour - 3_600_000)
  }

  @Test(arguments: Backend.allCases)
  func numbersAreThereAsDrawingsAndAsTables(_ backend: Backend) async throws {
    try await TestService.run(backend) { service in
      let hour = Self.hour
      try await Self.push(service)
      try await service.load(
        (1...10).map { number in
          .sample("\(number)", "build", result: number <= 3 ? "busted" : "success") {
            $0.startTime = hour - Int64(number) * 60_000
            $0.endTime = hour + 1000
          }
        } + [.sample("running", "other", state: .running) { $0.startTime = hour + 60_000 }])
      try await service.store.engine.write {
        try $0.execute("update job set last_modified = coalesce(end_time, start_time) + 2500")
      }
      let page = try await service.get("/p/orchard/trends")
      #expect(page.status == 200)
      #expect(page.text.contains("11 jobs of 1 push that were made since"), "\(page.text)")
      let time = PageTime(hour).text.prefix(16)
      #expect(page.text.contains("In all 3 busted, 1 running, 7 success. The most in an hour: 11, from \(time) UTC."))
      #expect(page.text.contains("Hour from (UTC) busted running success all \(time) 3 1 7 11"))
      #expect(page.text.contains("Hour from (UTC) median 95th percentile jobs \(time) 2.5 s 2.5 s 11"))
      #expect(page.text.contains("mochitest-build build 3 of 10 failed, 30 %"))
      #expect(page.text.contains("From (UTC) mochitest-build \(time) 3 of 10"))
      #expect(page.text.contains("mochitest-build build median 5 min 1 s, 95th percentile 10 min 1 s, 10 jobs"))
      #expect(page.body.contains("<rect class=b ") && page.body.contains("<circle class=median "))
      #expect(page.body.matches(of: /<svg class=plot role=img aria-labelledby="[a-z]/).count == 3)
      #expect(try await service.get("/p/orchard").body.contains("href=\"/p/orchard/trends\""))
    }
  }

  @Test(arguments: Backend.allCases)
  func theAddressSaysHowManyHours(_ backend: Backend) async throws {
    try await TestService.run(backend) { service in
      #expect(try await service.get("/p/orchard/trends").status == 404)
      try await Self.push(service)
      try await service.load([.sample("a") { $0.endTime = Self.hour }])
      for hours in ["0", "169", "-1", "1.5", "x", "", "99999999999999999999"] {
        let answer = try await service.get("/p/orchard/trends?hours=\(hours)")
        #expect(answer.status == 400 && answer.text.contains("hours: is no whole number from 1 to 168"), "\(hours)")
      }
      for hours in [4, 24, 72, 168] {
        let answer = try await service.get("/p/orchard/trends?hours=\(hours)")
        #expect(answer.status == 200 && answer.text.contains("1 job of 1 push that were made since"), "\(hours)")
        #expect(answer.body.contains("hours=\(hours)\" aria-current=\"page\"") == (hours != 4))
      }
      let short = try await service.get("/p/orchard/trends?hours=1")
      #expect(short.text.contains("Nothing was pushed in the last hour. The latest push is of "))
      #expect(!short.body.contains("<svg class=plot"))
    }
  }

  @Test(arguments: Backend.allCases)
  func whatIsMissingIsSaidInWords(_ backend: Backend) async throws {
    try await TestService.run(backend) { service in
      _ = try await service.store.setRepository("orchard", isActive: true)
      #expect(try await service.get("/p/orchard/trends").text.contains("Nothing was pushed yet."))
      try await Self.push(service)
      let without = try await service.get("/p/orchard/trends?hours=5")
      #expect(without.text.contains("The push of the last 5 hours has no jobs yet."), "\(without.text)")
      try await service.load([
        .sample("a", state: .pending) { $0.submitTime = nil }, .sample("old") { $0.endTime = 1000 },
      ])
      let page = try await service.get("/p/orchard/trends?hours=6")
      #expect(page.text.contains("1 job of these says to be from another time, and is not shown"))
      #expect(page.text.contains("No job of these hours says when it was submitted, started or ended."))
      #expect(page.text.contains("No job has ended yet."))
      #expect(page.text.contains("No job of these hours says when it was started and when it ended."))
      try await service.load([.sample("b") { $0.endTime = Self.hour }])
      #expect(try await service.get("/p/orchard/trends?hours=7").text.contains("No job failed."))
    }
  }

  @Test func namesAreTextWhateverIsInThem() async throws {
    try await TestService.run(.sqlite) { service in
      let hostile = "\"'><script>alert(1)</script></title></svg>{{main}}&"
      try await Self.push(service)
      try await service.load([
        .sample("a", result: "busted") {
          $0.name = hostile
          $0.symbol = "<u>"
          $0.startTime = Self.hour
          $0.endTime = Self.hour + 1
        }
      ])
      let page = try await service.get("/p/orchard/trends")
      #expect(page.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && page.body.contains("&lt;u&gt;"))
      #expect(!page.body.contains("<script>") && !page.body.contains("<u>") && page.body.contains("{{main}}&amp;"))
      #expect(page.body.matches(of: /<\/svg>/).count == page.body.matches(of: /<svg/).count)
      #expect(try page.body.firstMatch(of: Regex(" (style|on[a-z]+)=")) == nil)
    }
  }

  @Test func anAnswerIsToldAgainForAWhile() async throws {
    try await TestService.run(.sqlite) { service in
      try await Self.push(service)
      try await service.load([.sample("a") { $0.endTime = Self.hour }])
      let pages = try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<8 { group.addTask { try await service.get("/p/orchard/trends").text } }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      #expect(pages.count == 1)
      try await service.load([.sample("b") { $0.endTime = Self.hour }])
      #expect(try await service.get("/p/orchard/trends").text.contains("1 job of 1 push"))
      #expect(try await service.get("/p/orchard/trends?hours=23").text.contains("2 jobs of 1 push"))
    }
  }
}
