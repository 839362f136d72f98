import Foundation
import Pulse
import RabbitMQ
import Support
import Testing

/// `drover bindings`.
extension PruningTests {
  /// Runs `drover bindings` with a configuration that wants these projects.
  func bindings(_ arguments: [String], projects: [String] = ["wanted"]) async throws -> Program.Result {
    let config = folder.appending(path: "bindings.json")
    let list = projects.map { "\"\($0)\"" }.joined(separator: ", ")
    try Data(#"[{"exchange": "\#(exchange)", "destinations": ["d"], "projects": [\#(list)]}]"#.utf8).write(to: config)
    return try await Program(
      Repository.programs.appending(path: "drover"), ["bindings"] + arguments + ["--queue", name],
      environment: [
        "PULSE_URL": try await PrivateBroker.shared().url, "DROVER_CONFIG": config.path,
        "DROVER_STORE": "sqlite:\(folder.appending(path: "store.db").path)",
      ]
    ).result()
  }

  @Test func listMarksWhatIsBoundMissingAndNotWantedAndPruneRemovesTheLast() async throws {
    #expect(try await listen().status == 0)
    try await bindByHand()
    let asked = ["--management", try await management()]
    let list = try await bindings(["list"] + asked, projects: ["wanted", "new"])
    #expect(list.status == 0, "\(list.errors)")
    #expect(list.lastLine.hasPrefix("1 bound, 1 missing, 1 not wanted, says the management API"), "\(list.errors)")
    #expect(
      list.output.split(separator: "\n").dropFirst().map { $0.split(separator: " ", omittingEmptySubsequences: true) }
        == [
          ["bound", "\(exchange)", "d.wanted"], ["missing", "\(exchange)", "d.new"],
          ["not", "wanted", "\(exchange)", "d.hand"],
        ])
    #expect(
      try await bindings(["list", "--output", "json"] + asked).output == """
        {"exchange":"\(exchange)","routingKey":"d.wanted","status":"bound"}
        {"exchange":"\(exchange)","routingKey":"d.hand","status":"unwanted"}

        """)
    #expect(try await keys() == ["d.wanted", "d.hand"], "list changes nothing")

    let pruned = try await bindings(["prune"] + asked)
    #expect(pruned.status == 0 && pruned.lastLine == "1 removed, 0 kept", "\(pruned.errors)")
    #expect(try await keys() == ["d.wanted"])
    #expect(try await bindings(["prune"] + asked).lastLine == "0 removed, 0 kept")
  }

  @Test func withoutAnybodyToAskTheStoresRecordCountsAndFollows() async throws {
    #expect(try await listen().status == 0)
    try await bindByHand()
    let list = try await bindings(["list"], projects: ["other"])
    #expect(list.status == 0)
    #expect(list.lastLine == "0 bound, 1 missing, 1 not wanted, says the store's record", "\(list.errors)")
    let pruned = try await bindings(["prune"], projects: ["other"])
    #expect(pruned.status == 0 && pruned.lastLine == "1 removed, 0 kept", "\(pruned.errors)")
    #expect(try await keys() == ["d.hand"], "what the record does not know is left alone")
    let after = try await bindings(["list"], projects: ["other"])
    #expect(after.lastLine == "0 bound, 1 missing, 0 not wanted, says the store's record")
  }

  @Test func whoCannotBeAskedIsAnErrorAndNothingIsRemoved() async throws {
    #expect(try await listen().status == 0)
    for command in ["list", "prune"] {
      // Nothing listens on port 1.
      let unreachable = try await bindings(
        [command, "--management", "http://me:secret@127.0.0.1:1"], projects: ["other"])
      #expect(unreachable.status == 3 && unreachable.output.isEmpty, "\(unreachable.errors)")
      #expect(unreachable.errors.hasPrefix("drover: ") && !unreachable.errors.contains("secret"))
      let port = try await PrivateBroker.shared().managementPort
      let refused = try await bindings([command, "--management", "http://drover:wrong@127.0.0.1:\(port)"])
      #expect(refused.status == 2 && refused.errors.contains("status 401"), "\(refused.errors)")
    }
    #expect(try await keys() == ["d.wanted"])
  }

  @Test func aQueueThatIsNotThereIsStatus1() async throws {
    let result = try await bindings(["list", "--management", try await management()])
    #expect(result.status == 1 && result.output.isEmpty, "\(result.errors)")
    #expect(result.errors.contains("queue/\(PrivateBroker.user)/\(name)"), "\(result.errors)")
  }
}
