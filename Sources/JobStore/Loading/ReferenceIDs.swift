/// The reference rows that one transaction uses: known before, or made by it.
struct ReferenceIDs {
  private let known: ReferenceMap
  /// Rows that were looked up or made here.
  private(set) var made = ReferenceMap()

  init(known: ReferenceMap) { self.known = known }

  subscript(key: ReferenceTable.Key) -> Int64? { known[key] ?? made[key] }
  subscript(table: ReferenceTable, name: String) -> Int64? { known[table, name] ?? made[table, name] }

  /// Makes sure that rows are there, or looks for them only.
  mutating func resolve(
    _ keys: some Sequence<ReferenceTable.Key>, in session: any SQLSession, makes: Bool = true
  ) throws {
    var missing: [ReferenceTable: Set<ReferenceTable.Key>] = [:]
    for key in keys where self[key] == nil { missing[key.table, default: []].insert(key) }
    for table in ReferenceTable.allCases {
      guard let keys = missing[table] else { continue }
      for (key, id) in try table.rows(for: keys.sorted(), in: session, makes: makes) { made.insert(id, for: key) }
    }
  }

  /// What a job refers to, nil where a row of it is not there yet.
  func references(of record: borrowing JobRecord) -> JobReferences? {
    guard let jobType = self[.init(table: .jobType, first: record.symbol, second: record.name)],
      let jobGroup = self[.jobGroup, record.groupSymbol], let buildSystem = self[.buildSystem, record.buildSystem],
      let signature = self[.signature, record.signature]
    else { return nil }
    var references = JobReferences(
      jobType: jobType, jobGroup: jobGroup, buildSystem: buildSystem, signature: signature)
    func find(_ name: String?, in table: ReferenceTable, _ id: inout Int64?) -> Bool {
      guard let name else { return true }
      id = self[table, name]
      return id != nil
    }
    func find(_ key: ReferenceTable.Key?, _ id: inout Int64?) -> Bool {
      guard let key else { return true }
      id = self[key]
      return id != nil
    }
    guard find(record.groupName, in: .jobGroupName, &references.jobGroupName),
      find(record.product, in: .product, &references.product), find(record.machine, in: .machine, &references.machine),
      find(record.buildPlatform.map(Self.key), &references.buildPlatform),
      find(record.machinePlatform.map(Self.key), &references.machinePlatform),
      find(Self.optionCollection(of: record), &references.optionCollection)
    else { return nil }
    return references
  }

  /// What a job refers to, its repository excepted.
  static func keys(of record: borrowing JobRecord) -> [ReferenceTable.Key] {
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

  private static func key(of platform: JobRecord.Platform) -> ReferenceTable.Key {
    .init(table: .platform, first: platform.os, second: platform.platform, third: platform.architecture)
  }

  /// Sorted, as for the hash: the labels are a set.
  private static func optionCollection(of record: borrowing JobRecord) -> ReferenceTable.Key? {
    guard let options = record.options, let hash = record.optionHash else { return nil }
    let text = options.count == 1 ? options[0] : options.sorted().joined(separator: " ")
    return .init(table: .optionCollection, first: hash, second: text)
  }
}

/// The ids of the rows that a job refers to.
struct JobReferences {
  let jobType: Int64
  let jobGroup: Int64
  let buildSystem: Int64
  let signature: Int64
  var jobGroupName: Int64?
  var product: Int64?
  var buildPlatform: Int64?
  var machinePlatform: Int64?
  var machine: Int64?
  var optionCollection: Int64?
}
