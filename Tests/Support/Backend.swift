import Foundation

/// The databases that every test of the store runs on.
public enum Backend: String, CaseIterable, Sendable {
  case sqlite, postgreSQL

  /// The URL of an empty database that no other test uses.
  public func makeDatabase() async throws -> String {
    switch self {
    case .sqlite: "sqlite:" + (try Repository.temporaryFolder().appending(path: "store.db").path)
    case .postgreSQL: try await PrivatePostgreSQL.shared().makeDatabase()
    }
  }
}
