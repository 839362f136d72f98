import Foundation

/// Where a store is: `sqlite:PATH`, `postgresql://…`, or `discard:` for none at all.
public enum StoreURL: Sendable, Hashable, CustomStringConvertible {
  /// A file of SQLite; it is made where there is none.
  case sqlite(path: String)
  /// A database of PostgreSQL.
  case postgreSQL(PostgreSQLURL)
  /// Nowhere: for measuring. What is given to it is lost, see ``DiscardingStore``.
  case discard

  /// Reads `text`.
  ///
  /// - Throws: ``StoreError`` with code `invalidURL`.
  public init(_ text: String) throws(StoreError) {
    // Not offered by the errors: whoever measures knows of it, and nobody else should meet it.
    if text == "discard:" {
      self = .discard
      return
    }
    if text.hasPrefix("postgresql:") || text.hasPrefix("postgres:") {
      self = .postgreSQL(try PostgreSQLURL(text))
      return
    }
    guard let colon = text.firstIndex(of: ":"), text[..<colon] == "sqlite" else {
      // The text is not repeated: a URL of another kind may hold a password.
      throw StoreError(
        .invalidURL,
        "store URL: sqlite:PATH or postgresql://user:password@host/database is asked, for example sqlite:drover.db")
    }
    let path = text[text.index(after: colon)...]
    guard !path.isEmpty else { throw StoreError(.invalidURL, "store URL: a path is asked after sqlite:") }
    // Both mean something else to people who know them from other programs than a file of that name.
    guard !path.hasPrefix("//"), !path.hasPrefix(":") else {
      throw StoreError(
        .invalidURL, "store URL: the path of a file is asked after sqlite:, without // and without :memory:")
    }
    self = .sqlite(path: String(path))
  }

  /// The URL, without user and password.
  public var description: String {
    switch self {
    case .sqlite(let path): "sqlite:\(path)"
    case .postgreSQL(let url): "\(url)"
    case .discard: "discard:"
    }
  }

  /// Opens the store.
  ///
  /// - Parameter mustExist: whether a file that is not there is an error; otherwise it is made. A store that keeps
  ///   nothing never exists.
  /// - Throws: ``StoreError`` with code `unavailable`.
  public func open(mustExist: Bool = false) throws(StoreError) -> any Store {
    switch self {
    case .sqlite(let path):
      guard !mustExist || FileManager.default.fileExists(atPath: path) else {
        throw StoreError(.unavailable, "there is no store at \(self)")
      }
      return try DatabaseStore.sqlite(path: path)
    case .postgreSQL(let url):
      return DatabaseStore(PostgreSQLEngine(url))
    case .discard:
      guard !mustExist else {
        throw StoreError(.unavailable, "the store \(self) keeps nothing that could be looked at")
      }
      return DiscardingStore()
    }
  }
}
