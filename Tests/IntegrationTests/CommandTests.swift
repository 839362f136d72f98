import Foundation
import Support
import Testing

/// What a user gets who does something wrong: one clear line, and the right exit status.
@Suite struct CommandTests {
  let folder: URL

  init() throws { folder = try Repository.temporaryFolder() }

  func file(_ name: String, _ data: Data) throws -> String {
    let file = folder.appending(path: name)
    try data.write(to: file)
    return file.path
  }

  /// The job of the samples' list that stands alone best, as text.
  func goodJob() throws -> String {
    let text = try String(contentsOf: Repository.samples.appending(path: "pasture.jsonl"), encoding: .utf8)
    return String(text.prefix { $0 != "\n" })
  }

  func publish(_ arguments: String..., url: String? = nil) async throws -> Program.Result {
    let broker = try await PrivateBroker.shared().url
    return try await Program(
      Repository.programs.appending(path: "drover"),
      ["publish", "--url", url ?? broker, "--routing-key", "treeherder.test"] + arguments
    ).result()
  }

  /// One line that begins with the program's name.
  func isOneLine(_ result: Program.Result) -> Bool {
    let lines = result.errors.split(separator: "\n")
    return lines.count == 1 && lines[0].hasPrefix("drover: ")
  }

  @Test func noBrokerIsStatus3() async throws {
    let result = try await publish(try file("job.json", Data(goodJob().utf8)), url: "amqp://u:secret@127.0.0.1:1/")
    #expect(result.status == 3)
    #expect(isOneLine(result) && result.errors.contains("127.0.0.1:1: Connection refused"), "\(result.errors)")
    #expect(!result.errors.contains("secret"))
  }

  @Test func aWrongPasswordIsStatus2() async throws {
    let url = try await PrivateBroker.shared().url.replacing("drover:drover", with: "drover:secret")
    let result = try await publish(try file("job.json", Data(goodJob().utf8)), url: url)
    #expect(result.status == 2)
    #expect(isOneLine(result) && result.errors.contains("refused user drover"), "\(result.errors)")
    #expect(!result.errors.contains("secret"))
  }

  @Test func somebodyElsesOrAnUnknownExchangeIsStatus2() async throws {
    let result = try await publish(
      "--exchange", "exchange/nobody/v1/jobs", try file("job.json", Data(goodJob().utf8)))
    #expect(result.status == 2)
    #expect(
      isOneLine(result) && result.errors.contains("only its owner may publish to exchange/nobody/v1/jobs"),
      "\(result.errors)")

    let config = try file(
      "exchanges.json",
      Data(#"[{"exchange": "exchange/nobody/v1/jobs", "destinations": ["d"], "projects": ["p"]}]"#.utf8))
    let listened = try await Program.runDrover(
      "listen", "--url", try await PrivateBroker.shared().url, "--config", config, "--store",
      "sqlite:\(folder.appending(path: "store.db").path)", "--queue", PrivateBroker.uniqueName("none"))
    #expect(listened.status == 2)
    #expect(listened.errors.hasPrefix("drover: the exchange exchange/nobody/v1/jobs does not exist"))
  }

  @Test func filesThatCannotBeReadAreNamedAndTheOthersGo() async throws {
    let locked = try file("locked.json", Data("{}".utf8))
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: locked)
    let empty = try file("empty.json", Data())
    let missing = folder.appending(path: "missing.json").path
    let good = try file("good.json", Data(goodJob().utf8))
    let result = try await publish(folder.path, empty, missing, good)
    #expect(result.status == 1)
    #expect(result.lastLine == "1 published, 0 invalid, 0 returned, 0 refused")
    for (path, words) in [(folder.path, "folder"), (empty, "empty"), (missing, "No such file")] {
      let line = result.errors.split(separator: "\n").first { $0.hasPrefix("drover: \(path): ") }
      #expect(line?.contains(words) == true, "\(path): \(result.errors)")
    }
    #expect(result.errors.split(separator: "\n").count == 4)
    if getuid() != 0 {
      let refused = try await publish(locked)
      #expect(refused.status == 1 && refused.errors.contains("Permission denied"))
    }
  }

  @Test(arguments: ["garbage.json", "garbage.jsonl"])
  func aHundredMegabytesOfGarbageAreRefusedInOneLine(_ name: String) async throws {
    var random = SystemRandomNumberGenerator()
    var garbage = Data(capacity: 100 << 20)
    let block = (0..<1 << 17).map { _ in random.next() }.withUnsafeBytes { Data($0) }
    while garbage.count < 100 << 20 { garbage.append(block) }
    let result = try await publish(
      try file(name, garbage), try file("good.json", Data(goodJob().utf8)))
    #expect(result.status == 1)
    #expect(result.lastLine.hasPrefix("1 published, "), "\(result.errors.suffix(500))")
    #expect(result.errors.split(separator: "\n").count == 2, "\(result.errors.prefix(2_000))")
    #expect(result.errors.contains("\(name): is no text in UTF-8"))
    try FileManager.default.removeItem(atPath: folder.appending(path: name).path)
  }

  @Test func aBadJobInTheMiddleOfAListStaysBehindAlone() async throws {
    let good = try goodJob()
    let bad = good.replacing(#""state":"#, with: #""estate":"#)
    let list = try file("list.json", Data("[\n\(good),\n\(bad),\n\(good)\n]".utf8))
    let result = try await publish(list)
    #expect(result.status == 1)
    #expect(result.lastLine == "2 published, 1 invalid, 0 returned, 0 refused")
    #expect(result.errors.hasPrefix("\(list):3: "), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 2)
  }

  @Test func anUnroutableJobIsWhatThePolicySays() async throws {
    let job = try file("job.json", Data(goodJob().utf8))
    let ignored = try await publish(job)
    #expect(ignored.status == 0 && ignored.lastLine == "1 published, 0 invalid, 0 returned, 0 refused")
    let warned = try await publish("--mandatory", "warn", job)
    #expect(warned.status == 0 && warned.lastLine == "0 published, 0 invalid, 1 returned, 0 refused")
    #expect(warned.errors.contains("\(job):1: returned, no queue took it: NO_ROUTE"))
    let failed = try await publish("--mandatory", "fail", job)
    #expect(failed.status == 1 && failed.lastLine == "0 published, 0 invalid, 1 returned, 0 refused")
  }

  @Test(arguments: [
    [], ["nonsense"], ["publish", "--routing-key", "k"], ["publish", "file"],
    ["publish", "--routing-key", "k", "--destination", "d", "file"], ["listen", "--prefetch", "0"],
    ["listen", "--auto-delete", "--queue-type", "quorum"], ["validate"], ["validate", "--formats", "sometimes", "x"],
    ["validate", "--schema", "/nonexistent", "x"], ["listen", "--url", "amqp://h/", "--config", "/nonexistent"],
    ["publish", "--url", "http://h/", "--routing-key", "k", "file"], ["publish", "--routing-key", "k", "file"],
    ["store", "stats", "--store", "postgres:secret"], ["store", "expire"], ["store", "expire", "--older-than", "120"],
    ["store", "expire", "--older-than", "0d"], ["store", "expire", "--older-than", "1w", "--batch", "0"],
    ["bindings", "list"], ["bindings", "list", "--url", "amqp://h/", "--config", "/nonexistent"],
    ["rejected", "show"], ["rejected", "show", "x"], ["rejected", "replay"], ["rejected", "replay", "--all", "1"],
    ["rejected", "list", "--output", "xml"], ["repositories", "add"], ["repositories", "add", "no spaces"],
  ])
  func wrongUsageIsOneLineAndStatus2(_ arguments: [String]) async throws {
    let result = try await Program(
      Repository.programs.appending(path: "drover"), arguments, environment: ["PULSE_URL": "ftp://u:secret@h"]
    ).result()
    if arguments.isEmpty {
      #expect(result.status == 0 && result.output.contains("USAGE"))
    } else {
      #expect(result.status == 2)
      #expect(isOneLine(result), "\(result.errors)")
      #expect(!result.errors.contains("secret"))
    }
  }

  @Test(arguments: [
    ["listen", "amqp://user:secret@h/"], ["publish", "--destination", "t", "amqp://user:secret@h/"],
    ["publish", "--destination", "t", "--url", "user:secret@h://x", "f"],
    ["publish", "--destination", "t", "--url", "amqp://user:1?secret@h/", "f"], ["validate", "user:secret@h"],
  ])
  func aPasswordInTheWrongPlaceIsNotRepeated(_ arguments: [String]) async throws {
    let result = try await Program(
      Repository.programs.appending(path: "drover"), arguments,
      environment: ["PULSE_URL": "amqp://user:secret@127.0.0.1:1/"]
    ).result()
    #expect(result.status != 0)
    #expect(!result.errors.contains("secret"), "\(result.errors)")
  }

  @Test func anExchangeThatCannotBeIsStatus2() async throws {
    let job = try file("job.json", Data(goodJob().utf8))
    for exchange in ["", "jobs", "exchange/drover/\(String(repeating: "x", count: 300))"] {
      let result = try await publish("--exchange", exchange, job)
      #expect(result.status == 2)
      #expect(isOneLine(result), "\(result.errors)")
    }
  }

  @Test func jobsOfASlowPipeGoAsTheyComeAndTheEndCanBeAskedFor() async throws {
    let input = Pipe()
    let program = try Program(
      Repository.programs.appending(path: "drover"),
      [
        "publish", "--url", try await PrivateBroker.shared().url, "--routing-key", "k", "--mandatory", "warn", "-",
      ], from: input)
    input.fileHandleForWriting.write(Data("\(try goodJob())\n".utf8))
    try await eventually("the report of the first job") {
      try program.errorsSoFar().contains("standard input:1: returned")
    }
    program.send(SIGTERM)
    let result = try await program.result(within: .seconds(20))
    #expect(!result.wasKilled && result.status == 0)
    #expect(result.lastLine == "0 published, 0 invalid, 1 returned, 0 refused")
    try input.fileHandleForWriting.close()
  }

  @Test func aTypoInAnyPlaceIsNamedWithWhatWasMeant() async throws {
    let today = try String(contentsOf: Repository.samples.appending(path: "orchard.jsonl"), encoding: .utf8)
    let job = String(today.prefix { $0 != "\n" })
    for (wrong, right) in [("revison", "revision"), ("jobname", "jobName"), ("buildsystem", "buildSystem")] {
      let bad = job.replacing("\"\(right)\"", with: "\"\(wrong)\"")
      let result = try await Program.runDrover("validate", "-", input: Data(bad.utf8))
      #expect(result.status == 1)
      #expect(result.output.contains("\"\(wrong)\""), "\(result.output)")
      #expect(result.output.contains("did you mean \"\(right)\"?"), "\(result.output)")
    }
  }

  @Test func anEmptyListIsNoMistake() async throws {
    let list = try file("list.json", Data("[ ]\n".utf8))
    for command in [
      ["validate", list], ["publish", "--url", try await PrivateBroker.shared().url, "--routing-key", "k", list],
    ] {
      let result = try await Program(Repository.programs.appending(path: "drover"), command).result()
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  @Test func anEmptyWordInARoutingKeyIsStatus2() async throws {
    let job = try file("job.json", Data(goodJob().utf8))
    for key in [["--routing-key", ""], ["--destination", ""], ["--destination", "treeherder."]] {
      let result = try await Program(
        Repository.programs.appending(path: "drover"),
        ["publish", "--url", try await PrivateBroker.shared().url] + key + [job]
      ).result()
      #expect(result.status == (key[0] == "--routing-key" ? 2 : 1))
      #expect(result.errors.contains("has an empty word"), "\(result.errors)")
    }
  }

  @Test func aFullDiskUnderTheOutputIsSaid() async throws {
    let job = try file("job.json", Data(goodJob().utf8))
    let drover = Repository.programs.appending(path: "drover").path
    let result = try await Program(
      URL(filePath: "/bin/sh"), ["-c", "'\(drover)' validate --output json '\(job)' >/dev/full"]
    ).result()
    #expect(result.status == 2)
    #expect(result.errors.contains("standard output cannot be written: No space left on device"))
  }

  @Test func validationOfAQuietPipeEndsWhenAsked() async throws {
    let input = Pipe()
    let program = try Program(Repository.programs.appending(path: "drover"), ["validate", "-"], from: input)
    input.fileHandleForWriting.write(Data("\(try goodJob())\n".utf8))
    try await eventually("the program's wait") { program.isRunning && program.catchesSignals }
    program.send(SIGINT)
    let result = try await program.result(within: .seconds(20))
    #expect(!result.wasKilled && result.status == 0)
    try input.fileHandleForWriting.close()
  }

  @Test func aBrokenLineOnStandardInputCostsNoOther() async throws {
    let good = try goodJob()
    let result = try await Program.runDrover(
      "validate", "-", input: Data("\(good)\n{\"taskId\": \n\(good)\n".utf8))
    #expect(result.lastLine == "3 documents, 2 valid, 1 invalid")
  }

  @Test func everyCommandHasHelpWithAnExample() async throws {
    for command in [
      ["validate"], ["publish"], ["listen"], ["store", "stats"], ["store", "check"], ["store", "migrate"],
      ["store", "expire"],
      ["rejected", "list"], ["rejected", "show"], ["rejected", "replay"], ["waiting", "list"],
      ["bindings", "list"], ["bindings", "prune"],
      ["repositories", "list"], ["repositories", "add"], ["repositories", "activate"], ["repositories", "deactivate"],
    ] {
      let result = try await Program(
        Repository.programs.appending(path: "drover"), command + ["--help"]
      ).result()
      #expect(result.status == 0)
      #expect(result.output.contains("  drover \(command.joined(separator: " ")) "), "\(command)")
    }
  }

  @Test func validationPrintsAnObjectForEachDocument() async throws {
    let good = try goodJob()
    let bad = good.replacing(#""state":"#, with: #""estate":"#)
    let result = try await Program.runDrover(
      "validate", "--output", "json", "-", input: Data("\(good)\n\(bad)\n".utf8))
    #expect(result.status == 1)
    #expect(result.lastLine == "2 documents, 1 valid, 1 invalid")
    let lines = try result.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(lines.map { $0["valid"] as? Bool } == [true, false])
    #expect(lines.map { $0["line"] as? Int } == [1, 2])
    #expect(lines.map { $0["file"] as? String } == ["standard input", "standard input"])
    #expect((lines[0]["errors"] as? [Any])?.isEmpty == true)
    let errors = try #require(lines[1]["errors"] as? [[String: String]])
    #expect(errors.allSatisfy { Set($0.keys) == ["instance", "schema", "keyword", "message"] })
    #expect(errors.contains { $0["keyword"] == "required" })
  }

  @Test func aSchemaOfOnesOwnTakesThePlaceOfTheBundledOne() async throws {
    let schema = try file("schema.json", Data(#"{"type": "object", "required": ["colour"]}"#.utf8))
    let result = try await Program.runDrover(
      "validate", "--schema", schema, "-", input: Data(#"{"colour": 1} {"color": 1}"#.utf8))
    #expect(result.status == 1)
    #expect(result.lastLine == "2 documents, 1 valid, 1 invalid")
  }

  @Test func formatsAreAssertedUnlessToldNotTo() async throws {
    let job = try file(
      "job.json",
      Data(
        try goodJob().replacing(
          #""taskId":"#, with: #""jobInfo": {"links": [{"label": "l", "linkText": "t", "url": "no uri"}]}, "taskId":"#
        ).utf8))
    let asserted = try await Program.runDrover("validate", job)
    #expect(asserted.status == 1 && asserted.output.contains("/jobInfo/links/0/url"), "\(asserted.output)")
    #expect(try await Program.runDrover("validate", "--formats", "ignore", job).status == 0)
  }

  @Test func logLinesAreJSONWhereAsked() async throws {
    let config = try file(
      "exchanges.json",
      Data(#"[{"exchange": "exchange/drover/log-test", "destinations": ["d"], "projects": ["p"]}]"#.utf8))
    let result = try await Program.runDrover(
      "listen", "--url", try await PrivateBroker.shared().url, "--config", config, "--store",
      "sqlite:\(folder.appending(path: "store.db").path)", "--queue", PrivateBroker.uniqueName("log"),
      "--until-empty", "--log-format", "json", "--log-level", "info")
    #expect(result.status == 0)
    let lines = result.errors.split(separator: "\n").dropLast()
    #expect(!lines.isEmpty)
    for line in lines {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
      #expect(Set(["time", "level", "label", "message"]).isSubset(of: object.keys))
    }
    #expect(!result.errors.contains("drover:drover"))
  }
}
