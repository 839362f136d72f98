/// Stores jobs of which each occurs once, with everything that belongs to them.
struct JobRound {
  private let entries: [BatchLoader.Entry]
  private let now: Int64
  private let session: any SQLSession

  init(_ entries: [BatchLoader.Entry], now: Int64, in session: any SQLSession) {
    self.entries = entries
    self.now = now
    self.session = session
  }

  private static let find = SQLStatement(
    "select job.id, job.guid from {rows} join job on job.guid = v.guid", [.text("guid")])
  private static let touch = SQLStatement(
    "update job set last_modified = v.time from {rows} where job.id = v.id", [.integer("id"), .integer("time")])

  /// Stores them and tells for which ones the store did not know everything.
  func store(_ references: ReferenceIDs, isNews: (BatchLoader.Entry) -> Void) throws {
    var ids: [String: Int64] = [:]
    ids.reserveCapacity(entries.count)
    for row in try session.run(JobMerge.upsert, columns(references)) { ids[try row.text(1)] = try row.integer(0) }
    let changed = Set(ids.values)
    if ids.count < entries.count {
      let unchanged = entries.map(\.record.guid).filter { ids[$0] == nil }
      for row in try session.run(Self.find, [.texts(unchanged)]) { ids[try row.text(1)] = try row.integer(0) }
    }
    let jobs = try entries.map { entry in
      guard let id = ids[entry.record.guid] else {
        throw StoreError(.unavailable, "a job that was just stored cannot be found")
      }
      return (id: id, record: entry.record)
    }
    var news = try JobParts(jobs, in: session).store()
    try news.formUnion(supersede(ids))
    // Whoever follows the jobs by this time also wants to hear of a log that came late.
    let late = news.subtracting(changed).sorted()
    if !late.isEmpty { _ = try session.run(Self.touch, [.integers(late), .integers(late.map { _ in now })]) }
    for (entry, job) in zip(entries, jobs) where changed.contains(job.id) || news.contains(job.id) { isNews(entry) }
  }

  // MARK: Superseded jobs

  private static let noteSupersession = SQLStatement.insert(
    into: "supersession", [.text("guid"), .text("superseded_by"), .integer("noted_time")],
    "on conflict (guid) do nothing returning superseded_by")

  /// Ends the jobs that these did the work of; returns the ids of those that said something new by it.
  private func supersede(_ ids: [String: Int64]) throws -> Set<Int64> {
    var carriers: [String: String] = [:]
    for entry in entries {
      // The first one that says so stays; none supersedes itself.
      for guid in entry.record.superseded where guid != entry.record.guid {
        carriers[guid] = carriers[guid] ?? entry.record.guid
      }
    }
    guard !carriers.isEmpty else { return [] }
    let guids = carriers.keys.sorted()
    let noted = try session.run(
      Self.noteSupersession,
      [.texts(guids), .texts(guids.map { carriers[$0] }), .integers(guids.map { _ in now })])
    _ = try session.run(JobMerge.supersede, [.texts(guids), .integers(guids.map { _ in now })])
    return Set(try noted.compactMap { ids[try $0.text(0)] })
  }

  // MARK: Columns

  /// In the order of ``JobMerge/parameters``.
  private func columns(_ references: ReferenceIDs) throws -> [SQLColumn] {
    func texts(_ value: (JobRecord) -> String?) -> SQLColumn { .texts(entries.map { value($0.record) }) }
    func integers(_ value: (JobRecord) -> Int64?) -> SQLColumn { .integers(entries.map { value($0.record) }) }
    func ids(_ key: (JobRecord) -> ReferenceTable.Key?) throws -> SQLColumn {
      .integers(
        try entries.map { entry in
          guard let key = key(entry.record) else { return nil }
          guard let id = references[key] else {
            throw StoreError(.unavailable, "a row of \(key.table) that was just made cannot be found")
          }
          return id
        })
    }
    return [
      texts(\.guid), texts(\.taskID), integers { $0.retryID.map(Int64.init) },
      .integers(entries.map(\.push)),
      try ids { .init(table: .jobType, first: $0.symbol, second: $0.name) },
      try ids { .init(table: .jobGroup, first: $0.groupSymbol) },
      try ids { .init(table: .buildSystem, first: $0.buildSystem) },
      try ids { .init(table: .signature, first: $0.signature) },
      try ids { $0.groupName.map { .init(table: .jobGroupName, first: $0) } },
      try ids { $0.product.map { .init(table: .product, first: $0) } },
      texts(\.reason), texts(\.who), integers { $0.tier.map(Int64.init) },
      integers(\.submitTime), integers(\.startTime), integers(\.endTime),
      try ids { $0.buildPlatform.map(ReferenceIDs.key) }, try ids { $0.machinePlatform.map(ReferenceIDs.key) },
      try ids { $0.machine.map { .init(table: .machine, first: $0) } }, try ids(ReferenceIDs.optionCollection),
      integers { Int64($0.state.rawValue) }, texts(\.result), integers(Self.provenance),
      integers { _ in now },
    ]
  }

  private static func provenance(of job: JobRecord) -> Int64 {
    JobMerge.provenance(
      state: job.state.rawValue,
      isKnown: [
        job.groupName != nil, job.product != nil, job.reason != nil, job.who != nil, job.tier != nil,
        job.submitTime != nil, job.startTime != nil, job.endTime != nil, job.buildPlatform != nil,
        job.machinePlatform != nil, job.machine != nil, job.options != nil && job.optionHash != nil,
      ])
  }
}
