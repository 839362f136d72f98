import Support
import Testing

@testable import JobStore
@testable import WebService

/// `resultset/` and `push/`, on both databases.
@Suite struct PushRouteTests {
  private static func revision(_ digit: String) -> String { String(repeating: digit, count: 40) }

  @Test(arguments: Backend.allCases)
  func aPushHasEveryFieldInTreeherdersForm(_ backend: Backend) async throws {
    try await TestService.run(backend) { service in
      let revision = Self.revision("a")
      try await service.push(revision, at: 1_465_573_216_999, author: "me", revisions: [Self.revision("1"), revision])
      let (id, repository) = (try await service.id("push"), try await service.id("repository"))
      for name in ["resultset", "push"] {
        let revisions = """
          [{"result_set_id": \(id), "repository_id": \(repository), "revision": "\(Self.revision("1"))",
            "author": "author 0", "comments": "comments 0"},
           {"result_set_id": \(id), "repository_id": \(repository), "revision": "\(revision)", "author": "author 1",
            "comments": "comments 1"}]
          """
        let push = """
          {"id": \(id), "repository_id": \(repository), "author": "me", "comments": "comments 1",
           "revision_hash": "\(revision)", "revision": "\(revision)", "revision_count": 2, "revisions": \(revisions),
           "revisions_uri": "/api/project/orchard/\(name)/\(id)/revisions/", "push_timestamp": 1465573216}
          """
        let list = try await service.get("/api/project/orchard/\(name)/?full=true&count=5&revision=aaaaaaaaaaaa")
        let wanted = try TestService.canonical(
          """
          {"meta": {"count": 1, "repository": "orchard", "revision": "aaaaaaaaaaaa",
            "filter_params": {"full": "true", "count": "5"}}, "results": [\(push)]}
          """)
        #expect(try list.canonical() == wanted)
        #expect(
          try await service.get("/api/project/orchard/\(name)/\(id)/").canonical() == TestService.canonical(push))
        #expect(
          try await service.get("/api/project/orchard/\(name)/\(id)/revisions/").canonical()
            == TestService.canonical(revisions))
        for path in ["999/", "x/", "999/revisions/", "999/status/"] {
          let answer = try await service.get("/api/project/orchard/\(name)/\(path)")
          #expect(answer.status == 404 && answer.body == "\"No \(name) with id: \(path.prefix { $0 != "/" })\"")
        }
        let short = try await service.get("/api/project/orchard/\(name)/?full=false")
        #expect(!short.body.contains("\"revisions\"") && short.body.contains("\"revision_count\":2"))
      }
    }
  }

  @Test(arguments: Backend.allCases)
  func pushesAreFoundByRevisionDayAuthorAndNumber(_ backend: Backend) async throws {
    try await TestService.run(backend) { service in
      let day: Int64 = 86_400_000
      for (index, digit) in ["a", "b", "c", "d"].enumerated() {
        // The first on 2016-06-10, a day between each two.
        try await service.push(
          Self.revision(digit), at: 1_465_516_800_000 + Int64(index) * day + 500, author: "author \(digit)")
      }
      _ = try await service.store.add(PushRecord(repository: "pasture", revision: Self.revision("e"), pushTime: 1))
      func revisions(_ query: String) async throws -> String {
        let answer = try await service.get("/api/project/orchard/resultset/?\(query)")
        #expect(answer.status == 200, "\(query): \(answer.body)")
        return try answer.all("revision").split(separator: ",").map { String($0.dropFirst().prefix(1)) }.joined()
      }
      let second = try await service.id("push where author = 'author b'")
      for (query, wanted) in [
        ("", "dcba"), ("count=2", "dc"), ("count=2&offset=1", "cb"), ("count=5000", "dcba"),
        ("revision=\(Self.revision("b"))", "b"), ("revision=bbbbbbbbbbbb", "b"), ("revision=x", ""),
        ("revision=%25", ""), ("fromchange=bbbbbbbbbbbb", "dcb"), ("tochange=bbbbbbbbbbbb", "ba"),
        ("fromchange=bbbbbbbbbbbb&tochange=cccccccccccc", "cb"), ("fromchange=eeeeeeeeeeee", ""),
        ("startdate=2016-06-11", "dcb"), ("enddate=2016-06-11", "ba"), ("startdate=2016-06-11&enddate=2016-06-11", "b"),
        ("author=author+c", "c"), ("author__in=author%20a,author%20d", "da"), ("id=\(second)", "b"),
        ("id__lt=\(second + 1)", "ba"), ("id__in=\(second)", "b"), ("push_timestamp__gte=1465603200", "dcb"),
        ("push_timestamp__lte=1465603200", "ba"), ("push_timestamp__gt=1465603200", "dc"),
        ("push_timestamp__lt=1465603200", "a"), ("push_timestamp=1465603200", "b"),
        ("revision__in=\(Self.revision("a")),\(Self.revision("c"))", "ca"), ("nonsense=1", "dcba"),
      ] {
        #expect(try await revisions(query) == wanted, "\(query)")
      }
      for query in ["count=x", "startdate=today", "id__lt=x", "offset=-2", "push_timestamp__gte=now"] {
        #expect(try await service.get("/api/project/orchard/resultset/?\(query)").status == 400, "\(query)")
      }
    }
  }

  @Test(arguments: Backend.allCases)
  func aPushsJobsAreCountedByStateAndResult(_ backend: Backend) async throws {
    try await TestService.run(backend) { service in
      try await service.ingest([
        TestService.message("a"), TestService.message("b", "running"), TestService.message("c", "completed"),
        TestService.message("d", "completed"), TestService.message("e", "completed", result: "fail"),
        TestService.message("f", "unscheduled"),
      ])
      let id = try await service.id("push")
      let answer = try await service.get("/api/project/orchard/resultset/\(id)/status/")
      #expect(
        try answer.canonical()
          == #"{"completed":3,"pending":1,"running":1,"success":2,"testfailed":1,"unscheduled":1}"#)
      try await service.push(Self.revision("b"), at: 1)
      let other = try await service.id("push where revision like 'bb%'")
      #expect(
        try await service.get("/api/project/orchard/push/\(other)/status/").canonical()
          == #"{"completed":0,"pending":0,"running":0}"#)
    }
  }
}
