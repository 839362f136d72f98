import Synchronization

/// Ids of reference rows by what the rows are known by.
struct ReferenceMap: Sendable {
  /// Those of tables whose rows have one text, by table.
  private var names: [[String: Int64]] = Array(repeating: [:], count: ReferenceTable.allCases.count)
  private var keys: [ReferenceTable.Key: Int64] = [:]
  private(set) var count = 0

  subscript(table: ReferenceTable, name: String) -> Int64? { names[table.rawValue][name] }

  subscript(key: ReferenceTable.Key) -> Int64? {
    key.table.hasOneText ? names[key.table.rawValue][key.first] : keys[key]
  }

  mutating func insert(_ id: Int64, for key: ReferenceTable.Key) {
    count += 1
    if key.table.hasOneText { names[key.table.rawValue][key.first] = id } else { keys[key] = id }
  }

  mutating func merge(_ other: ReferenceMap) {
    count += other.count
    for index in names.indices { names[index].merge(other.names[index]) { $1 } }
    keys.merge(other.keys) { $1 }
  }
}

/// The ids of reference rows that are known to be committed; reference rows are never deleted.
final class ReferenceCache: Sendable {
  /// Entries above which it starts anew: machines that live for one job must not fill the memory.
  private static let capacity = 50_000

  private let map = Mutex(ReferenceMap())

  /// What is known now.
  var snapshot: ReferenceMap { map.withLock { $0 } }

  /// Notes rows whose transaction has been committed.
  func insert(_ rows: ReferenceMap) {
    guard rows.count > 0 else { return }
    map.withLock { map in
      if map.count + rows.count > Self.capacity { map = ReferenceMap() }
      map.merge(rows)
    }
  }
}
