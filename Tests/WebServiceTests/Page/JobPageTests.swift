import Support
import Testing

@testable import JobStore
@testable import WebService

/// Jobs and logs as pages.
@Suite struct JobPageTests {
  @Test(arguments: Backend.allCases)
  func aJobIsToldWithAllItsFields(_ backend: Backend) async throws {
    try await TestService.run(backend) { service in
      try await service.load([
        .sample("done", "5", result: "testfailed") { job in
          job.machine = "m-17"
          job.who = "sheriff"
          job.reason = "scheduled"
          job.tier = 2
          job.product = "firefox"
          job.buildPlatform = .init(os: "lin", platform: "linux32", architecture: "i386")
        },
        .sample("early", "6", state: .pending),
        .sample("after", "7") { $0.superseded = ["early"] },
      ])
      let (job, early, after) = (
        try await service.job("done"), try await service.job("early"), try await service.job("after")
      )
      let page = try await service.get("/p/orchard/job/\(job)")
      for text in [
        "M(5) mochitest-5", "test failed after 21 min 30 s, linux64 opt, tier 2", "Push ba0d49136409",
        "Submitted 2025-10-06 08:00:00 UTC", "Started 2025-10-06 08:01:00 UTC", "Ended 2025-10-06 08:22:30 UTC",
        "Waited 1 min", "Took 21 min 30 s", "State completed", "Result testfailed", "Machine m-17",
        "Machine platform linux64, linux, x86_64", "Build platform linux32, lin, i386", "Options opt", "Tier 2",
        "Group Group M", "Reason scheduled", "Requested by sheriff", "Build system ci", "Guid done",
        "Signature signature of linux64 M 5", "Option hash hash of", "Superseded by no other job",
      ] {
        #expect(page.text.contains(text), "\(text) in \(page.text)")
      }
      let superseded = try await service.get("/p/orchard/job/\(early)")
      #expect(superseded.body.contains("<a class=\"mono\" href=\"/p/orchard/job/\(after)\">after</a>"))
      #expect(superseded.text.contains("Started not known"))
      let fragment = try await service.get("/p/orchard/job/\(job)?fragment=1")
      #expect(fragment.body.hasPrefix("<article") && fragment.body.contains("data-close"))
      #expect(!page.body.contains("Close the panel"))
      // The panel is in the page without a script, too.
      let pushes = try await service.get("/p/orchard?job=\(job)")
      #expect(pushes.body.contains("with-panel") && pushes.text.contains("Guid done"))
    }
  }

  @Test(arguments: Backend.allCases)
  func earlierJobsOfTheSameSignatureAreAStrip(_ backend: Backend) async throws {
    try await TestService.run(backend) { service in
      for number in 0..<4 {
        let revision = String(repeating: "\(number)", count: 40)
        try await service.push(revision, at: 1_759_737_600_000 + Int64(number))
        try await service.load([
          .sample("job \(number)", "5", result: number == 1 ? "busted" : "success", revision: revision),
          .sample("other \(number)", "6", revision: revision),
        ])
      }
      let page = try await service.get("/p/orchard/job/\(try await service.job("job 2"))")
      #expect(page.text.contains("success, push 000000000000 busted, push 111111111111 success, push 222222222222"))
      #expect(!page.text.contains("333333333333"))
      #expect(page.text.contains("1 of the 2 before it failed."))
      let first = try await service.get("/p/orchard/job/\(try await service.job("job 0"))")
      #expect(first.text.contains("It did not run in the pushes right before this one."))
    }
  }

  @Test(arguments: Backend.allCases)
  func detailsAreShownByTheirContentType(_ backend: Backend) async throws {
    try await TestService.run(backend) { service in
      try await service.load([
        .sample("a") { job in
          job.details = [
            .init(title: "Plain", value: "<b>text</b>", url: nil),
            .init(title: "Upload", value: "target.zip", url: "https://e.org/?a=1&b=2", contentType: "link"),
            .init(title: "Bad", value: "click", url: "javascript:alert(1)", contentType: "link"),
            .init(title: "Raw", value: "<i onclick=x>w</i><script>1</script>", url: nil, contentType: "raw_html"),
          ]
        }
      ])
      let page = try await service.get("/p/orchard/job/\(try await service.job("a"))")
      #expect(page.body.contains("<dt>Plain</dt><dd><span>&lt;b&gt;text&lt;/b&gt;</span></dd>"))
      #expect(
        page.body.contains(
          "<dt>Upload</dt><dd><a title=\"target.zip\" href=\"https://e.org/?a=1&amp;b=2\" target=\"_blank\" "
            + "rel=\"noopener noreferrer\">target.zip</a></dd>"))
      #expect(page.body.contains("<dt>Bad</dt><dd><span>click (javascript:alert(1))</span></dd>"))
      #expect(page.body.contains("<section class=\"raw\"><i>w</i></section>"))
    }
  }

  @Test(arguments: Backend.allCases)
  func aLogIsItsStepsWithTheirErrors(_ backend: Backend) async throws {
    try await TestService.run(backend) { service in
      func step(_ name: String, _ result: String, _ errors: [LogRecord.LineError]) -> LogRecord.Step {
        .init(
          name: name, result: result, started: 1_759_737_660_000, finished: 1_759_737_690_000, firstLine: 3,
          lastLine: 9,
          errors: errors)
      }
      try await service.load([
        .sample("a", result: "testfailed") { job in
          job.logs = [
            .init(
              name: "other", url: "https://e.org/other", parseStatus: .parsed, steps: [step("else", "success", [])]),
            .init(
              name: "buildbot_text", url: "https://e.org/log", parseStatus: .parsed,
              steps: [
                step("set up", "success", []),
                step("run", "testfailed", (0..<7).map { .init(line: "line <\($0)>", lineNumber: 40 + $0) }),
              ], areErrorsTruncated: true),
            .init(name: "late & new", url: "ftp://e.org/x", parseStatus: .pending),
          ]
        },
        .sample("b"),
      ])
      let job = try await service.job("a")
      let log = try await service.get("/p/orchard/job/\(job)/log")
      for text in [
        "2 steps, 7 error lines", "success set up 30 s", "test failed run 30 s 2025-10-06 08:01:00 UTC , lines 3 to 9",
        "Line 40 line &lt;0&gt;", "Line 46 line &lt;6&gt;", "There were more errors than these",
        "late &amp; new other buildbot_text",
      ] {
        #expect(log.text.contains(text), "\(text) in \(log.text)")
      }
      #expect(log.body.contains("href=\"https://e.org/log\" target=\"_blank\" rel=\"noopener noreferrer\">Raw log</a>"))
      #expect(log.body.contains("href=\"/p/orchard/job/\(job)/log?name=late%20%26%20new\""))
      let other = try await service.get("/p/orchard/job/\(job)/log?name=other")
      #expect(other.text.contains("1 step, 0 error lines") && !other.text.contains("There were more errors"))
      let late = try await service.get("/p/orchard/job/\(job)/log?name=late+%26+new")
      #expect(late.text.contains("This log is not parsed yet") && late.text.contains("ftp://e.org/x"))
      #expect(!late.body.contains("href=\"ftp"))
      #expect(try await service.get("/p/orchard/job/\(job)/log?name=no").text.contains("The job has no log no."))
      let without = try await service.get("/p/orchard/job/\(try await service.job("b"))/log")
      #expect(without.text.contains("The job has no logs."))
      // The panel tells the first lines at once, and where the others are.
      let panel = try await service.get("/p/orchard/job/\(job)?fragment=1")
      #expect(panel.text.contains("What went wrong Line 40 line &lt;0&gt;") && !panel.text.contains("Line 45"))
      #expect(panel.body.contains("href=\"/p/orchard/job/\(job)/log?name=buildbot_text\">Open the log</a>"))
    }
  }
}
