import Foundation
import Support
import Testing

/// A store that keeps nothing cannot be used without being told so.
@Suite struct DiscardTests {
  @Test(arguments: ["critical", "trace"])
  func listeningIntoItSaysThatNothingIsKept(_ logLevel: String) async throws {
    let config = try Repository.temporaryFolder().appending(path: "exchanges.json")
    try Data(#"[{"exchange": "exchange/u/v1/jobs", "destinations": ["d"], "projects": ["p"]}]"#.utf8).write(to: config)
    // Nobody answers there: the store is opened ahead of the broker.
    let result = try await Program.runDrover(
      "listen", "--url", "amqp://u:p@127.0.0.1:1/", "--log-level", logLevel,
      environment: ["DROVER_STORE": "discard:", "DROVER_CONFIG": config.path])
    #expect(result.status == 3)
    #expect(
      result.errors.hasPrefix("drover: warning: the store discard: keeps nothing"), "\(result.errors)")
  }

  @Test func thereIsNothingToShowOfIt() async throws {
    let result = try await Program.runDrover("store", "stats", "--store", "discard:")
    #expect(result.status == 3)
    #expect(result.errors == "drover: the store discard: keeps nothing that could be looked at\n")
  }
}
