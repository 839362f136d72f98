import Foundation
import GRDB

/// One file of SQLite, written by one process at a time and read by any number.
///
/// It is in WAL mode and waits for the disk at every commit (`synchronous=full`): what was acknowledged to the broker
/// survives a power cut.
final class SQLiteEngine: SQLEngine {
  private let pool: DatabasePool
  private let checkpointer: SQLiteCheckpointer

  let dialect = SQLDialect.sqlite
  /// There is no queue for the file: who waits for it looks again every tenth of a second.
  let turn = Duration.milliseconds(110)

  /// Memory for pages, in KiB: the inner pages of the indexes of some million jobs.
  private static let cacheSize = 65_536

  /// Opens the file at `path`, or makes it.
  ///
  /// - Throws: ``StoreError`` with code `unavailable`.
  init(path: String) throws(StoreError) {
    var configuration = Configuration()
    // Another process may be writing: a batch is short, so waiting is better than failing.
    configuration.busyMode = .timeout(30)
    configuration.maximumReaderCount = 4
    let checkpointer = SQLiteCheckpointer(path: path)
    self.checkpointer = checkpointer
    do {
      pool = try DatabasePool(path: path, configuration: configuration)
      try pool.writeWithoutTransaction { db in
        // GRDB relaxes it to `normal` when it turns WAL on, with which the last commits may go in a power cut.
        try db.execute(sql: "pragma synchronous = full")
        try db.execute(sql: "pragma cache_size = -\(Self.cacheSize)")
        checkpointer.follow(db)
      }
    } catch {
      throw StoreError(.unavailable, "the store \(path) cannot be opened", underlying: Self.reason(error))
    }
  }

  func write<T: Sendable>(_ work: @Sendable @escaping (any SQLSession) throws -> T) async throws -> T {
    try await attempt("writing to the store") { pool in try await pool.write { try work(SQLiteSession($0)) } }
  }

  func read<T: Sendable>(_ work: @Sendable @escaping (any SQLSession) throws -> T) async throws -> T {
    try await attempt("reading the store") { pool in try await pool.read { try work(SQLiteSession($0)) } }
  }

  func close() async throws {
    let checkpointer = checkpointer
    try await attempt("closing the store") { pool in
      try checkpointer.close()
      // Moves everything from the log into the file itself, so that a copy of that one file is whole. Another process
      // that reads at this moment keeps the log from being emptied, which is no failure.
      try? await pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
      try pool.close()
    }
  }

  private func attempt<T: Sendable>(
    _ doing: String, _ work: @Sendable (DatabasePool) async throws -> T
  ) async throws -> T {
    do {
      return try await work(pool)
    } catch let error as DatabaseError {
      let isRefusal = [.SQLITE_CONSTRAINT, .SQLITE_TOOBIG, .SQLITE_MISMATCH, .SQLITE_RANGE].contains(error.resultCode)
      throw StoreError(isRefusal ? .failed : .unavailable, "\(doing) failed", underlying: Self.reason(error))
    }
  }

  /// SQLite's own words, without the statement and its arguments: those hold what people sent.
  private static func reason(_ error: any Error) -> any Error {
    guard let error = error as? DatabaseError else { return error }
    return Reason(description: "\(error.message ?? "SQLite error") (\(error.extendedResultCode.rawValue))")
  }

  private struct Reason: Error, CustomStringConvertible {
    let description: String
  }
}
