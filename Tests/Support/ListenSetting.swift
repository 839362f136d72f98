public import Foundation

/// An exchange, a queue and a store of a test's own, and the environment in which `drover listen` uses them.
public struct ListenSetting: Sendable {
  /// The name of the queue, and the last part of the exchange's.
  public let name: String
  /// A folder for whatever the test needs.
  public let folder: URL
  /// What the programs are started with.
  public let environment: [String: String]

  /// The exchange, which belongs to the tests' user.
  public var exchange: String { "exchange/\(PrivateBroker.user)/\(name)" }
  /// The store's URL.
  public var store: String { "sqlite:\(folder.appending(path: "store.db").path)" }

  /// Declares the exchange and the queue, and binds them for every project under the destination `treeherder`.
  public init(_ prefix: String) async throws {
    name = PrivateBroker.uniqueName(prefix)
    folder = try Repository.temporaryFolder()
    let config = folder.appending(path: "exchanges.json")
    let list =
      #"[{"exchange": "exchange/\#(PrivateBroker.user)/\#(name)", "destinations": ["treeherder"], "projects": ["*"]}]"#
    try Data(list.utf8).write(to: config)
    environment = [
      "PULSE_URL": try await PrivateBroker.shared().url, "DROVER_CONFIG": config.path,
      "DROVER_STORE": "sqlite:\(folder.appending(path: "store.db").path)",
    ]
    _ = try await listenUntilEmpty()
  }

  /// Runs a listener until the queue is empty.
  public func listenUntilEmpty() async throws -> Program.Result {
    try await Program.runDrover("listen", "--queue", name, "--until-empty", environment: environment)
  }
}
