import Synchronization

/// The ids of reference rows that are known to be committed; reference rows are never deleted.
final class ReferenceCache: Sendable {
  /// Entries above which it starts anew: machines that live for one job must not fill the memory.
  private static let capacity = 50_000

  private let ids = Mutex<[ReferenceTable.Key: Int64]>([:])

  /// What is known now.
  var snapshot: [ReferenceTable.Key: Int64] { ids.withLock { $0 } }

  /// Notes rows whose transaction has been committed.
  func insert(_ rows: [ReferenceTable.Key: Int64]) {
    guard !rows.isEmpty else { return }
    ids.withLock { ids in
      if ids.count + rows.count > Self.capacity { ids = [:] }
      ids.merge(rows) { $1 }
    }
  }
}
