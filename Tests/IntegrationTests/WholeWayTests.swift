import Foundation
import GRDB
import JobStore
import Support
import Testing

/// Jobs on the whole way: `drover publish`, RabbitMQ, `drover listen`, the store.
@Suite struct WholeWayTests {
  let folder: URL
  /// An exchange and a queue of this test's own.
  let name = PrivateBroker.uniqueName("way")

  init() throws { folder = try Repository.temporaryFolder() }

  var exchange: String { "exchange/\(PrivateBroker.user)/\(name)" }
  var store: String { "sqlite:\(folder.appending(path: "store.db").path)" }

  /// The environment in which a user would have set everything once.
  func environment(projects: String = "#") async throws -> [String: String] {
    let config = folder.appending(path: "exchanges.json")
    try Data(
      #"[{"exchange": "\#(exchange)", "destinations": ["treeherder"], "projects": ["\#(projects)"]}]"#.utf8
    ).write(to: config)
    return [
      "PULSE_URL": try await PrivateBroker.shared().url, "DROVER_STORE": store, "DROVER_CONFIG": config.path,
    ]
  }

  func listenUntilEmpty(_ environment: [String: String]) async throws -> Program.Result {
    try await Program.runDrover("listen", "--queue", name, "--until-empty", environment: environment)
  }

  /// Jobs that differ in nothing but their task.
  func jobs(_ count: Int) throws -> URL {
    let file = folder.appending(path: "jobs.jsonl")
    let lines = (0..<count).map { number in
      """
      {"taskId":"\(UUID().uuidString.lowercased())/0","buildSystem":"ci","state":"completed","result":"success",\
      "jobKind":"test","version":1,"origin":{"project":"orchard","revision":"ba0d49136409ae56d053e5873d34a305eeb6f770"},\
      "display":{"jobName":"test \(number)","jobSymbol":"t","groupSymbol":"?"},\
      "logs":[{"name":"log","url":"https://example.org/\(number).log"}]}
      """
    }
    try Data(lines.joined(separator: "\n").utf8).write(to: file)
    return file
  }

  @Test func everySampleArrivesAsWhatItIs() async throws {
    let environment = try await environment()
    #expect(try await listenUntilEmpty(environment).status == 0, "the queue is made and bound")
    let samples = ["orchard.jsonl", "orchard-try.jsonl", "pasture.jsonl", "nightly.json", "broken.json"]
      .map { Repository.samples.appending(path: $0).path }
    let published = try await Program(
      Repository.programs.appending(path: "drover"),
      ["publish", "--exchange", exchange, "--destination", "treeherder"] + samples, environment: environment
    ).result()
    #expect(published.status == 1)
    #expect(published.lastLine == "67 published, 1 invalid, 0 returned, 0 refused")
    #expect(published.errors.contains("/origin/revision: \"e6cd0b4484e7\" has 12 characters"))

    let listened = try await listenUntilEmpty(environment)
    #expect(listened.status == 0)
    #expect(listened.lastLine == "67 stored, 0 waiting, 0 rejected, 0 duplicates")

    // Pushes of one batch have no order among each other.
    let summaries = try await Set(readSummaries())
    #expect(
      summaries == [
        "orchard ba0d49136409: 3 success, 2 superseded, 1 testfailed",
        "orchard e6cd0b4484e7: 1 busted, 1 retry, 3 success",
        "orchard bb5c993a28c3: 1 exception, 3 success, 1 usercancel, 1 running, 1 pending, 1 unscheduled",
        "orchard-try 68da040e7715: 1 busted, 1 exception, 2 success",
        "orchard-try c35d9ff9b853: 1 busted, 1 retry, 1 success, 1 usercancel",
        "pasture 468999994516: 2 success, 1 testfailed",
        "pasture 6fce0b04cc57: 1 success, 1 testfailed, 1 running",
      ])
    try await checkThatEveryDetailArrived(samples.dropLast())
  }

  /// The store's pushes as lines, read by the library itself.
  func readSummaries() async throws -> [String] {
    let store = try StoreURL(store).open(mustExist: true)
    let summaries = try await store.pushSummaries()
    try await store.close()
    return summaries.map { push in
      let counts = push.counts.sorted { $0.state.rawValue > $1.state.rawValue }
        .map { "\($0.jobs) \($0.state == .completed ? $0.result : $0.state.name)" }
      return "\(push.repository) \(push.revision.prefix(12)): \(counts.joined(separator: ", "))"
    }
  }

  /// Compares the tables with the sample files, which are read here by Foundation.
  func checkThatEveryDetailArrived(_ files: some Sequence<String>) async throws {
    var guids: Set<String> = []
    var logs: Set<String> = []
    var links: Set<String> = []
    var errorLines: Set<String> = []
    for file in files {
      let text = try String(contentsOfFile: file, encoding: .utf8)
      let texts = file.hasSuffix(".jsonl") ? text.split(separator: "\n").map(String.init) : [text]
      for text in texts {
        let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8))
        let messages = try (parsed as? [[String: Any]]) ?? [#require(parsed as? [String: Any])]
        for message in messages {
          let guid = try #require(message["taskId"] as? String)
          guids.insert(guid)
          for log in message["logs"] as? [[String: Any]] ?? [] {
            logs.insert("\(guid) \(try #require(log["url"] as? String))")
            for step in log["steps"] as? [[String: Any]] ?? [] {
              for error in step["errors"] as? [[String: Any]] ?? [] {
                errorLines.insert("\(guid) \(try #require(error["line"] as? String))")
              }
            }
          }
          let info = message["jobInfo"] as? [String: Any]
          for link in info?["links"] as? [[String: Any]] ?? [] {
            links.insert("\(guid) \(try #require(link["url"] as? String))")
          }
        }
      }
    }
    let database = try DatabaseQueue(path: folder.appending(path: "store.db").path)
    func read(_ sql: String) throws -> Set<String> { try database.read { try String.fetchSet($0, sql: sql) } }
    #expect(try read("select guid from job") == guids)
    #expect(try read("select guid || ' ' || job_log.url from job_log join job on job.id = job_id").isSuperset(of: logs))
    #expect(try read("select guid || ' ' || url from job_detail join job on job.id = job_id") == links)
    #expect(
      try read(
        """
        select guid || ' ' || line from log_error join log_step s on s.log_id = log_error.log_id and s.position = step
        join job_log on job_log.id = log_error.log_id join job on job.id = job_id
        """) == errorLines)
    #expect(!errorLines.isEmpty && !links.isEmpty && !logs.isEmpty)
  }

  @Test func aListenerThatIsKilledHalfwayLosesAndRepeatsNothing() async throws {
    let count = 20_000
    let environment = try await environment()
    _ = try await listenUntilEmpty(environment)
    let published = try await Program.runDrover(
      "publish", "--exchange", exchange, "--routing-key", "treeherder.orchard", try jobs(count).path,
      environment: environment)
    #expect(published.lastLine == "\(count) published, 0 invalid, 0 returned, 0 refused")

    let listener = try Program.drover("listen", "--queue", name, environment: environment)
    let store = try StoreURL(store).open(mustExist: true)
    try await eventually("the first thousand jobs") { try await store.counts().jobs >= 1_000 }
    listener.send(SIGKILL)
    #expect(try await listener.result().wasKilled)
    let halfway = try await store.counts().jobs
    #expect(halfway < count, "it was killed too late to show anything")

    let rest = try await listenUntilEmpty(environment)
    #expect(rest.status == 0)
    let counts = try await store.counts()
    #expect(counts.jobs == count && counts.logs == count && counts.waiting == 0 && counts.rejected == 0)
    try await store.close()
  }

  @Test func aListenerThatIsAskedToStopFinishesAndEndsWithZero() async throws {
    let environment = try await environment()
    let listener = try Program.drover("listen", "--queue", name, environment: environment)
    try await eventually("the queue") {
      try await Program.runDrover(
        "publish", "--exchange", exchange, "--routing-key", "treeherder.orchard", "--mandatory", "fail",
        try jobs(1).path, environment: environment
      ).status == 0
    }
    let store = try StoreURL(store).open(mustExist: true)
    try await eventually("the job") { try await store.counts().jobs == 1 }
    try await store.close()
    listener.send(SIGTERM)
    let result = try await listener.result()
    #expect(!result.wasKilled && result.status == 0)
    #expect(result.lastLine == "1 stored, 0 waiting, 0 rejected, 0 duplicates")
  }

  @Test func bindingsThatTheConfigurationDroppedArePrunedUnlessToldNotTo() async throws {
    let job = try jobs(1).path
    func publish(_ key: String) async throws -> Int32 {
      try await Program.runDrover(
        "publish", "--exchange", exchange, "--routing-key", key, "--mandatory", "fail", job,
        environment: try await environment()
      ).status
    }
    _ = try await listenUntilEmpty(try await environment(projects: "old"))
    #expect(try await publish("treeherder.old") == 0)
    _ = try await Program.runDrover(
      "listen", "--queue", name, "--until-empty", "--no-prune", environment: try await environment(projects: "new"))
    #expect(try await publish("treeherder.old") == 0)
    #expect(try await publish("treeherder.new") == 0)
    _ = try await listenUntilEmpty(try await environment(projects: "new"))
    #expect(try await publish("treeherder.old") == 1)
    #expect(try await publish("treeherder.new") == 0)
  }

  @Test func whatIsNoJobIsKeptAmongTheRejectedAndTheOthersAreStored() async throws {
    let environment = try await environment()
    _ = try await listenUntilEmpty(environment)
    let script = """
      import sys, kombu
      with kombu.Connection(sys.argv[1]) as connection:
          exchange = kombu.Exchange(sys.argv[2], type='topic', durable=True)
          producer = connection.Producer(exchange=exchange, routing_key='treeherder.orchard')
          for body in [b'not json', b'{}', open(sys.argv[3], 'rb').read()]:
              producer.publish(body, content_type='text/plain', content_encoding='utf-8')
      """
    let result = try await Program.runPython(
      script, try await PrivateBroker.shared().url, exchange, try jobs(1).path)
    #expect(result.status == 0, "\(result.errors)")
    let listened = try await listenUntilEmpty(environment)
    #expect(listened.status == 0)
    #expect(listened.lastLine == "1 stored, 0 waiting, 2 rejected, 0 duplicates")
  }
}
