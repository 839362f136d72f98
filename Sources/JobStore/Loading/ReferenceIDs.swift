/// The reference rows that one transaction uses: known before, or made by it.
struct ReferenceIDs {
  private let known: [ReferenceTable.Key: Int64]
  /// Rows that were looked up or made here.
  private(set) var made: [ReferenceTable.Key: Int64] = [:]

  init(known: [ReferenceTable.Key: Int64]) { self.known = known }

  subscript(key: ReferenceTable.Key) -> Int64? { known[key] ?? made[key] }

  /// Makes sure that rows are there, or looks for them only.
  mutating func resolve(
    _ keys: some Sequence<ReferenceTable.Key>, in session: any SQLSession, makes: Bool = true
  ) throws {
    var missing: [ReferenceTable: Set<ReferenceTable.Key>] = [:]
    for key in keys where self[key] == nil { missing[key.table, default: []].insert(key) }
    for table in ReferenceTable.allCases {
      guard let keys = missing[table] else { continue }
      for (key, id) in try table.rows(for: keys.sorted(), in: session, makes: makes) { made[key] = id }
    }
  }

  /// What a job refers to, its repository excepted.
  static func keys(of record: JobRecord) -> [ReferenceTable.Key] {
    [
      .init(table: .jobType, first: record.symbol, second: record.name),
      .init(table: .jobGroup, first: record.groupSymbol),
      .init(table: .buildSystem, first: record.buildSystem),
      .init(table: .signature, first: record.signature),
      record.groupName.map { .init(table: .jobGroupName, first: $0) },
      record.product.map { .init(table: .product, first: $0) },
      record.buildPlatform.map(key), record.machinePlatform.map(key),
      record.machine.map { .init(table: .machine, first: $0) },
      optionCollection(of: record),
    ].compactMap { $0 }
  }

  static func key(of platform: JobRecord.Platform) -> ReferenceTable.Key {
    .init(table: .platform, first: platform.os, second: platform.platform, third: platform.architecture)
  }

  /// Sorted, as for the hash: the labels are a set.
  static func optionCollection(of record: JobRecord) -> ReferenceTable.Key? {
    guard let options = record.options, let hash = record.optionHash else { return nil }
    return .init(table: .optionCollection, first: hash, second: options.sorted().joined(separator: " "))
  }
}
