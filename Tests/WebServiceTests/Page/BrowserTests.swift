import Foundation
import Hummingbird
import Support
import Synchronization
import Testing

@testable import JobStore
@testable import WebService

/// The page in a real browser: Debian's Chromium, driven by the cases in Tests/Page.
@Suite struct BrowserTests {
  /// Runs a case of Tests/Page/cases.py to its end.
  ///
  /// - Parameter proxy: what the browser goes through, if anything.
  private static func browse(_ name: String, _ service: TestService, through proxy: FaultProxy? = nil) async throws {
    let script = Repository.root.appending(path: "Tests/Page/cases.py").path
    let result = try await Program.runPython(
      """
      import runpy, sys, os
      sys.path.insert(0, os.path.dirname(sys.argv[1]))
      sys.argv = sys.argv[1:]
      runpy.run_path(sys.argv[0], run_name="__main__")
      """,
      [script, name]
        + [proxy.map { "127.0.0.1:\($0.port)" }, "\(service.address)"].compactMap { $0.map { "http://\($0)" } },
      in: "DROVER_PYTHON_BROWSER")
    #expect(result.status == 0, "\(name): \(result.errors)")
  }

  /// Two pushes: the second with something of everything.
  private static func fill(_ service: TestService) async throws {
    let before = String(repeating: "1", count: 40)
    try await service.push(before, at: 1_759_730_000_000, author: "dev@example.org", revisions: [before])
    try await service.push(
      TestService.revision, at: 1_759_737_000_000, author: "dev@example.org",
      revisions: (0..<5).map { "\($0)" + TestService.revision.dropFirst() })
    try await service.load([
      .sample("android", "1", platform: "android"), .sample("build", "B", group: "?"), .sample("one", "1"),
      .sample("old", "7", result: "superseded"), .sample("x", "x", group: "T") { $0.tier = 2 },
      .sample("before", "2", revision: before), .sample("ten", "10", state: .running) { $0.signature = "ten" },
      .sample("two", "2", result: "testfailed") { job in
        job.machine = "m-17"
        job.details = [
          .init(title: "Upload", value: "target.zip", url: "https://e.org/target.zip"),
          .init(title: "Raw", value: "<b>bold</b> <a href='https://e.org'>link</a>", url: nil, contentType: "raw_html"),
        ]
        job.artifacts = [.init(name: "Job Info", type: "json", blob: "{}")]
        job.logs = [
          .init(
            name: "buildbot_text", url: "https://e.org/log.txt", parseStatus: .parsed,
            steps: [
              .init(
                name: "set up", result: "success", started: 1_759_737_660_000, finished: 1_759_737_690_000,
                firstLine: 0,
                lastLine: 900, errors: []),
              .init(
                name: "run tests", result: "testfailed", started: 1_759_737_690_000, finished: 1_759_738_950_000,
                firstLine: 901, lastLine: 2000,
                errors: (0..<7).map { .init(line: "assertion \($0) of 7 failed", lineNumber: 1040 + $0) }),
            ], areErrorsTruncated: true),
          .init(name: "live_backing_log", url: "https://e.org/live.log"),
        ]
      },
    ])
  }

  @Test(arguments: ["load", "filters", "job", "log", "keyboard", "script-off", "accessible"])
  func aReaderGetsAround(_ name: String) async throws {
    try await TestService.run(.sqlite) { service in
      try await Self.fill(service)
      try await Self.browse(name, service)
    }
  }

  @Test(arguments: Backend.allCases)
  func whatIsStoredAppearsWithoutLosingThePlace(_ backend: Backend) async throws {
    let hooks = TestHooks()
    try await TestService.run(backend, .init(routes: [hooks])) { service in
      let proxy = try FaultProxy(to: service.address.port)
      defer { proxy.stop() }
      try await Self.fill(service)
      hooks.onChange { step in
        switch step {
        case "more": try await service.load([.sample("zero", "0")])
        case "end": try await service.load([.sample("ten", "10") { $0.signature = "ten" }])
        case "push":
          let revision = String(repeating: "3", count: 40)
          try await service.push(revision, at: 1_759_739_000_000)
          try await service.load([.sample("newest", "B", group: "?", revision: revision)])
        default:
          proxy.cut()
          try await service.load([.sample("missed", "99")])
        }
      }
      try await Self.browse("live", service, through: proxy)
    }
  }

  @Test func nothingThatIsStoredIsExecuted() async throws {
    let hooks = TestHooks()
    try await TestService.run(.sqlite, .init(routes: [hooks])) { service in
      let hostile = HostileTexts.all
      for (number, text) in hostile.enumerated() {
        let revision = String(repeating: "\(number % 10)", count: 20) + text.prefix(20)
        let repository = number == 0 ? "p" + text : "orchard"
        _ = try await service.store.add(
          PushRecord(repository: repository, revision: revision, author: text, pushTime: Int64(number)))
        let push = try await service.id("push where push_time = \(number)")
        try await service.store.engine.write {
          _ = try $0.run(
            SQLStatement.insert(
              into: "revision",
              [.integer("push_id"), .integer("position"), .text("revision"), .text("author"), .text("comments")], ""),
            [.integers([push]), .integers([0]), .texts([text]), .texts([text]), .texts([text + "\n" + text])])
        }
        try await service.load([HostileTexts.job(number, text, repository: repository, revision: revision)])
      }
      hooks.hostile = WebLink.project("p" + hostile[0])
      try await Self.browse("hostile", service)
    }
  }

  @Test func tenPushesOfAThousandJobsAreASmallPage() async throws {
    try await TestService.run(.sqlite) { service in
      for push in 0..<10 {
        let revision = String(repeating: "\(push)", count: 40)
        try await service.push(revision, at: Int64(push))
        try await service.load(
          (0..<1000).map { number in
            let (platform, chunk) = (number / 100, number % 100)
            return .sample(
              "\(push) \(number)", "\(chunk / 4)", group: ["M", "bc", "wpt", "X"][chunk % 4],
              platform: "linux\(platform)-64-shippable-qr",
              result: (number * 7 + push * 13) % 31 == 0 ? "testfailed" : "success",
              revision: revision
            ) { $0.name = "test-\(platform)-64-shippable-qr/opt-\(chunk % 4)-suite-fis-e10s-\(chunk / 4)" }
          })
      }
      try await Self.browse("size", service)
    }
  }
}
