import Support
import Testing

@testable import JobStore
@testable import WebService

/// Projects and pushes as pages, and their frame.
@Suite struct PushesPageTests {
  @Test func everyPageForbidsWhatIsNotItsOwn() async throws {
    try await TestService.run(.sqlite) { service in
      try await service.load([.sample("a")])
      let job = try await service.job("a")
      for path in [
        "/", "/p/orchard", "/p/orchard/push/1", "/p/orchard/job/\(job)", "/p/orchard/job/\(job)/log", "/p/no",
      ] {
        let answer = try await service.get(path)
        #expect(answer.status == (path == "/p/no" ? 404 : 200), "\(path)")
        #expect(answer.headers["content-type"] == "text/html; charset=utf-8", "\(path)")
        #expect(
          answer.headers["content-security-policy"]
            == "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
            + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'", "\(path)")
        #expect(
          answer.headers["x-content-type-options"] == "nosniff" && answer.headers["referrer-policy"] == "no-referrer")
        #expect(try answer.body.firstMatch(of: Regex(" (style|on[a-z]+)=")) == nil, "\(path)")
      }
    }
  }

  @Test func filesOfThePageAreKeptForEverUnderNamesOfTheirContent() async throws {
    try await TestService.run(.sqlite) { service in
      let page = try await service.get("/")
      for asset in PageAsset.all {
        #expect(page.body.contains("\"\(asset.path)\""))
        let answer = try await service.get(asset.path)
        #expect(answer.status == 200 && answer.headers["content-type"] == asset.type)
        #expect(answer.headers["cache-control"] == "public, max-age=31536000, immutable")
      }
      let tag = try #require(page.headers["etag"])
      #expect(try await service.get("/", ["If-None-Match": tag]).status == 304)
    }
  }

  @Test(arguments: Backend.allCases)
  func projectsAreShownWithTheirLatestPush(_ backend: Backend) async throws {
    try await TestService.run(backend) { service in
      #expect(try await service.get("/").text.contains("There are no projects yet."))
      try await service.load([.sample("a", result: "busted"), .sample("b", state: .running)])
      _ = try await service.store.setRepository("empty", isActive: true)
      _ = try await service.store.setRepository("old/one", isActive: false)
      let page = try await service.get("/")
      #expect(page.text.contains("orchard Last push"))
      #expect(page.text.contains("1 busted 1 running"))
      #expect(page.text.contains("empty Nothing was pushed yet."))
      #expect(page.text.contains("Not stored any more old/one"))
      #expect(page.body.contains("href=\"/p/old%2Fone\""))
      #expect(try await service.get("/p/old%2Fone").status == 200)
    }
  }

  @Test(arguments: Backend.allCases)
  func jobsAreGroupedByPlatformOptionsAndGroup(_ backend: Backend) async throws {
    try await TestService.run(backend) { service in
      try await service.load([
        .sample("a", "10"), .sample("b", "2", result: "testfailed"), .sample("c", "1", options: ["debug"]),
        .sample("d", "B", group: "?"), .sample("e", "1", platform: "android"), .sample("f", "7", result: "superseded"),
        .sample("g", "bc5", result: "retry"), .sample("h", "x", group: "T") { $0.tier = 2 },
        .sample("i", "y", group: "?", state: .running) { $0.tier = 3 },
      ])
      let page = try await service.get("/p/orchard")
      #expect(
        page.text.contains(
          "android opt M ( 1 ) linux64 debug M ( 1 ) linux64 opt B M ( 2 10 +2 7 bc5 ) T tier 2 ( x ) tier 3 ( y )"),
        "\(page.text)")
      let failed = try await service.job("b")
      #expect(page.body.contains("<a class=f href=/p/orchard/job/\(failed) title=\"mochitest-2\">2</a>"))
      #expect(page.body.contains("<details><summary title=\"superseded and retried\">+2</summary>"))
      #expect(page.body.contains("<span title=\"Group M\">M</span>"))
      #expect(page.text.contains("8 of 9 jobs completed: 1 test failed, 1 running, 1 retried, 1 superseded, 5 success"))
      let unfolded = try await service.get("/p/orchard?unfold=1")
      #expect(unfolded.body.contains("<details open><summary title="))
    }
  }

  @Test(arguments: Backend.allCases)
  func theAddressSaysWhichJobsAreShown(_ backend: Backend) async throws {
    try await TestService.run(backend) { service in
      try await service.load([
        .sample("a", "a1"), .sample("b", "b2", result: "testfailed"),
        .sample("c", "c3", platform: "Android", options: ["debug"]),
        .sample("d", "d4", group: "X") { $0.tier = 2 }, .sample("e", "e5", state: .pending),
        .sample("f", "f6", result: "exception"),
      ])
      for (query, shown) in [
        ("", "c3 a1 b2 e5 f6 d4"), ("failures=1", "b2 f6"), ("failures=0", "c3 a1 b2 e5 f6 d4"),
        ("result=testfailed,exception", "b2 f6"), ("result=success&result=exception", "c3 a1 f6 d4"),
        ("state=pending", "e5"), ("state=no", "c3 a1 b2 e5 f6 d4"), ("tier=2", "d4"), ("platform=ANDROID", "c3"),
        ("platform=linux64+opt", "a1 b2 e5 f6 d4"), ("group=X", "d4"), ("group=group+x", "d4"), ("group=y", ""),
        ("name=MOCHITEST-B2", "b2"), ("text=linux+m+f6", "f6"), ("text=android+d4", ""),
        ("text=%20", "c3 a1 b2 e5 f6 d4"),
        ("text=x+d4&tier=1", ""),
      ] {
        let page = try await service.get("/p/orchard?\(query)")
        let symbols = try page.body.matches(of: Regex(#"<a class=. href=/p/orchard/job/\d+[^>]*>([^<]*)<"#)).compactMap
        {
          $0.output[1].substring.map(String.init)
        }
        #expect(symbols.joined(separator: " ") == shown, "\(query)")
        #expect(page.text.contains("6 jobs completed") || page.text.contains("5 of 6 jobs completed"), "\(query)")
        if symbols.isEmpty {
          #expect(page.text.contains("Nothing here passes the filters: 6 jobs are hidden."), "\(query)")
        }
      }
      let filtered = try await service.get("/p/orchard?text=a+b&result=busted,exception&job=7&before=9")
      #expect(filtered.body.contains("value=\"a b\""))
      #expect(filtered.body.contains("<option value=\"busted,exception\" selected>"))
      #expect(filtered.body.contains("href=\"/p/orchard?text=a%20b\""))
      #expect(filtered.text.contains("There is no such push."))
    }
  }

  @Test(arguments: Backend.allCases)
  func pushesAreToldNewestFirstTenAPage(_ backend: Backend) async throws {
    try await TestService.run(backend) { service in
      #expect(try await service.get("/p/orchard").status == 404)
      func revision(_ number: Int) -> String {
        String(repeating: "0", count: 38) + (number < 10 ? "0" : "") + "\(number)"
      }
      // Later pushes with smaller times: the order is that of time.
      for number in 0..<23 {
        try await service.push(
          revision(number), at: 1_759_737_600_000 - Int64(number) * 60_000, author: number % 2 == 0 ? "a@b" : "c@d",
          revisions: number == 1 ? (0..<5).map { "\($0)" } : [])
      }
      func page(_ path: String) async throws -> (shown: [String], TestService.Answer) {
        let answer = try await service.get(path)
        let shown = try answer.body.matches(of: Regex(#"title="0{38}(\d\d)""#)).compactMap {
          $0.output[1].substring.map(String.init)
        }
        return (shown, answer)
      }
      var path = "/p/orchard"
      var seen: [String] = []
      for count in [10, 10, 3] {
        let (shown, answer) = try await page(path)
        #expect(shown.count == count)
        seen += shown
        let older = try answer.body.firstMatch(of: Regex(#"href="([^"]*)" rel="next""#))?.output[1].substring
        #expect((older == nil) == (count == 3))
        if let older { path = String(older) }
      }
      #expect(seen == (0..<23).map { String(revision($0).suffix(2)) })
      #expect(try await page("/p/orchard?author=c%40d").shown.first == "01")
      #expect(try await page("/p/orchard?revision=\(revision(7))").shown == ["07"])
      let first = try await page("/p/orchard?fragment=1").1
      #expect(
        first.body.hasPrefix("<div class=\"list\"") && first.body.contains("data-first")
          && !first.body.contains("<form"))
      #expect(first.text.contains("comments 2") && first.text.contains("2 more revisions"))
      #expect(first.text.contains("No jobs yet."))
      #expect(try await service.get("/p/orchard?before=x").status == 400)
      let one = try await service.id("push where revision = '\(revision(3))'")
      let (shown, answer) = try await page("/p/orchard/push/\(one)?fragment=1")
      #expect(shown == ["03"] && !answer.body.contains("data-first") && answer.body.contains("id=\"push-\(one)\""))
      for path in ["/p/orchard/push/999999", "/p/orchard/push/x", "/p/orchard/job/999999", "/p/orchard/job/1/log"] {
        let missing = try await service.get(path)
        #expect(missing.status == 404 && missing.text.contains("Not found There is no "), "\(path)")
      }
    }
  }

  @Test func aPushOfAnotherProjectIsNotThere() async throws {
    try await TestService.run(.sqlite) { service in
      try await service.load([.sample("a"), .sample("b") { $0.repository = "pasture" }])
      let (push, job) = (try await service.id("push where repository_id = 2"), try await service.job("b"))
      #expect(try await service.get("/p/pasture/push/\(push)").status == 200)
      #expect(try await service.get("/p/pasture/job/\(job)").status == 200)
      for path in ["push/\(push)", "job/\(job)", "job/\(job)/log"] {
        #expect(try await service.get("/p/orchard/\(path)").status == 404)
      }
    }
  }
}
