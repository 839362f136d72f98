import Foundation

/// Where a store is: `sqlite:PATH`.
public enum StoreURL: Sendable, Hashable, CustomStringConvertible {
  /// A file of SQLite; it is made where there is none.
  case sqlite(path: String)

  /// Reads `text`.
  ///
  /// - Throws: ``StoreError`` with code `invalidURL`.
  public init(_ text: String) throws(StoreError) {
    guard let colon = text.firstIndex(of: ":"), text[..<colon] == "sqlite" else {
      // The text is not repeated: a URL of another kind may hold a password.
      throw StoreError(.invalidURL, "store URL: sqlite:PATH is asked, for example sqlite:drover.db")
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

  /// The URL; a file's holds no secret.
  public var description: String {
    switch self {
    case .sqlite(let path): "sqlite:\(path)"
    }
  }

  /// Opens the store.
  ///
  /// - Parameter mustExist: whether a file that is not there is an error; otherwise it is made.
  /// - Throws: ``StoreError`` with code `unavailable`.
  public func open(mustExist: Bool = false) throws(StoreError) -> any Store {
    switch self {
    case .sqlite(let path):
      guard !mustExist || FileManager.default.fileExists(atPath: path) else {
        throw StoreError(.unavailable, "there is no store at \(self)")
      }
      return try SQLiteStore(path: path)
    }
  }
}
