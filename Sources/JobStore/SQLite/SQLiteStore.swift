import Foundation
import GRDB

/// The embedded store: one file of SQLite, written by one process at a time and read by any number.
///
/// It is in WAL mode and waits for the disk at every commit (`synchronous=full`): what was acknowledged to the broker
/// survives a power cut.
public final class SQLiteStore: Store {
  let pool: DatabasePool

  /// Opens the file at `path`, or makes it.
  ///
  /// - Throws: ``StoreError`` with code `unavailable`.
  public init(path: String) throws(StoreError) {
    var configuration = Configuration()
    // Another process may be writing: a batch is short, so waiting is better than failing.
    configuration.busyMode = .timeout(30)
    do {
      pool = try DatabasePool(path: path, configuration: configuration)
      // GRDB relaxes it to `normal` when it turns WAL on, with which the last commits may go in a power cut.
      try pool.writeWithoutTransaction { try $0.execute(sql: "pragma synchronous = full") }
    } catch {
      throw StoreError(.unavailable, "the store \(path) cannot be opened", underlying: Self.reason(error))
    }
  }

  /// Runs the migrations that the file has not seen yet.
  public func migrate() async throws {
    let migrator = SQLiteMigrations.migrator
    try await attempt("preparing the store") { pool in
      if try await pool.read({ try migrator.hasBeenSuperseded($0) }) {
        throw StoreError(.newer, "the store was written by a later version of drover: use that one")
      }
      try migrator.migrate(pool)
    }
  }

  /// Loads a batch in one transaction, see ``Store/load(_:createsPushes:)``.
  public func load(_ batch: [IncomingItem], createsPushes: Bool) async throws -> [LoadOutcome] {
    try await attempt("storing a batch") { pool in
      try await pool.write { db in
        var loader = SQLiteLoader(db: db, createsPushes: createsPushes)
        return try loader.load(batch)
      }
    }
  }

  /// The pushes with their jobs counted.
  public func pushSummaries() async throws -> [PushSummary] {
    try await attempt("reading pushes") { pool in
      try await pool.read { db in
        let rows = try Row.fetchAll(
          db,
          sql: """
            select push.id, repository.name, push.revision, job.state, job.result, count(job.id)
            from push join repository on repository.id = push.repository_id left join job on job.push_id = push.id
            group by push.id, job.state, job.result
            order by push.id, job.state, job.result
            """)
        return Dictionary(grouping: rows, by: { $0[0] as Int64 }).sorted { $0.key < $1.key }.map { _, rows in
          PushSummary(
            repository: rows[0][1], revision: rows[0][2],
            counts: rows.compactMap { row in
              (row[3] as Int?).flatMap(JobRecord.State.init).map {
                PushSummary.Count(state: $0, result: row[4], jobs: row[5])
              }
            })
        }
      }
    }
  }

  /// How much there is of everything.
  public func counts() async throws -> StoreCounts {
    try await attempt("counting") { pool in
      try await pool.read { db in
        func count(_ table: String) throws -> Int { try Int.fetchOne(db, sql: "select count(*) from \(table)") ?? 0 }
        return try StoreCounts(
          repositories: count("repository"), pushes: count("push"), jobs: count("job"), logs: count("job_log"),
          waiting: count("waiting_job"), rejected: count("rejected_message"))
      }
    }
  }

  /// The bindings recorded for `queue`.
  public func bindings(of queue: String) async throws -> Set<BindingRecord> {
    try await attempt("reading bindings") { pool in
      try await pool.read { db in
        let rows = try Row.fetchAll(
          db, sql: "select exchange, routing_key from binding where queue = ?", arguments: [queue])
        return Set(rows.map { BindingRecord(exchange: $0[0], routingKey: $0[1]) })
      }
    }
  }

  /// Replaces the bindings recorded for `queue`.
  public func record(_ bindings: Set<BindingRecord>, of queue: String) async throws {
    try await attempt("recording bindings") { pool in
      try await pool.write { db in
        try db.execute(sql: "delete from binding where queue = ?", arguments: [queue])
        for binding in bindings {
          try db.execute(
            sql: "insert into binding (queue, exchange, routing_key) values (?, ?, ?)",
            arguments: [queue, binding.exchange, binding.routingKey])
        }
      }
    }
  }

  /// Closes the file; reads and writes under way are finished first.
  public func close() async throws {
    try await attempt("closing the store") { pool in
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
    } catch let error as StoreError {
      throw error
    } catch let error as CancellationError {
      throw error
    } catch {
      throw StoreError(.unavailable, "\(doing) failed", underlying: Self.reason(error))
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
