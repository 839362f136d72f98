import GRDB
import GRDBSQLite
import Synchronization

/// Moves what was committed from SQLite's log into the file, beside the writer.
///
/// SQLite has the writer do that, which then waits for the disk: with millions of jobs every batch changes hundreds of
/// pages all over the index of guids, and half of the time would go into it. Here a connection of its own does it while
/// others write. What they add meanwhile stays in the log, so that it never becomes empty by that alone; the writer does the
/// rest where it has become long.
final class SQLiteCheckpointer: Sendable {
  /// Pages of 4 KiB that are worth a checkpoint: 64 MB. With fewer, pages would be written that the next batch changes again.
  private static let interval = 16_000
  /// Pages from which on the writer sees to it that the log begins anew: 256 MB.
  private static let bound = 64_000

  private struct State {
    var connection: DatabaseQueue?
    var isRunning = false
    /// How long the log was when the last checkpoint began.
    var checkpointed = 0
  }

  private let path: String
  private let state = Mutex(State())

  init(path: String) { self.path = path }

  /// Has the writer's commits noted; it must stay for as long as the connection is open.
  func follow(_ writer: Database) {
    sqlite3_wal_hook(
      writer.sqliteConnection,
      { context, connection, _, pages in
        guard let context else { return SQLITE_OK }
        Unmanaged<SQLiteCheckpointer>.fromOpaque(context).takeUnretainedValue().committed(Int(pages), connection)
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Waits for the checkpoint that is under way, and begins none any more.
  func close() throws {
    let connection = state.withLock { state in
      state.isRunning = true
      return state.connection
    }
    try connection?.close()
  }

  /// - Parameter pages: the length of the log, after a commit.
  private func committed(_ pages: Int, _ writer: OpaquePointer?) {
    if pages >= Self.bound {
      // Most of it has been moved already.
      sqlite3_wal_checkpoint_v2(writer, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
      state.withLock { $0.checkpointed = 0 }
      return
    }
    let connection: DatabaseQueue? = state.withLock { state in
      if pages < state.checkpointed { state.checkpointed = 0 }
      guard !state.isRunning, pages - state.checkpointed >= Self.interval else { return nil }
      // One that cannot be opened leaves everything to the writer.
      if state.connection == nil { state.connection = try? DatabaseQueue(path: path) }
      guard let connection = state.connection else { return nil }
      state.isRunning = true
      state.checkpointed = pages
      return connection
    }
    connection?.asyncWriteWithoutTransaction { [self] db in
      // What fails here, for example for want of disk, fails for the writer too, who can tell somebody.
      _ = try? db.checkpoint(.passive)
      state.withLock { $0.isRunning = false }
    }
  }
}
