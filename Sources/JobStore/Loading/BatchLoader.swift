/// Loads one batch inside one transaction.
///
/// The batch goes to the database column by column: a statement each for the jobs, their logs, their details and so on,
/// whatever the number of messages. Messages of one job take their turns in rounds, in the order in which they came.
struct BatchLoader {
  /// What one transaction did.
  struct Result: Sendable {
    var report: LoadReport
    /// Rows that others may use once the transaction is committed.
    var references: ReferenceMap
  }

  /// A push has to be made, which needs everybody else out of the way: the transaction is to be run again, alone.
  struct MustBeAlone: Error {}

  /// A job on its way. Records are large: they stay where they are, and a number stands for one.
  struct Entry {
    /// Its number among the records.
    let record: Int
    let push: Int64
    /// The item of the batch that it came in, nil for one that had waited.
    let item: Int?
    let references: JobReferences
  }

  /// A record's number with its push and its item, see ``Entry``.
  typealias Place = (record: Int, push: Int64, item: Int?)

  let session: any SQLSession
  let dialect: SQLDialect
  let policy: LoadPolicy
  /// Whether no other batch is loaded meanwhile.
  let isAlone: Bool
  /// In milliseconds since 1970-01-01 00:00:00 UTC.
  let now: Int64
  var references: ReferenceIDs
  var outcomes: [LoadOutcome] = []
  var released = 0
  /// The pushes that are new or have changed, or that have jobs of which this is so.
  var changedPushes: Set<Int64> = []

  init(
    _ session: any SQLSession, dialect: SQLDialect, policy: LoadPolicy, isAlone: Bool,
    references: ReferenceMap, now: Int64
  ) {
    self.session = session
    self.dialect = dialect
    self.policy = policy
    self.isAlone = isAlone
    self.now = now
    self.references = ReferenceIDs(known: references)
  }

  /// Jobs that end other jobs change rows which another batch may be making at this moment.
  static func mustBeAlone(_ batch: [IncomingItem]) -> Bool {
    batch.contains { item in
      if case .job(let record) = item.content { !record.superseded.isEmpty } else { false }
    }
  }

  mutating func load(_ batch: [IncomingItem]) throws -> Result {
    try lock()
    outcomes = Array(repeating: .duplicate, count: batch.count)
    try keepRejected(batch)
    var records: [JobRecord] = []
    records.reserveCapacity(batch.count)
    var items: [Int] = []
    for (index, item) in batch.enumerated() {
      guard case .job(let record) = item.content else { continue }
      records.append(record)
      items.append(index)
    }
    try records.withUnsafeBufferPointer { try store(places(of: $0, items, in: batch), $0) }
    try forgetRejected(batch)
    return Result(
      report: LoadReport(outcomes: outcomes, released: released), references: references.made)
  }

  /// Waits for a batch that must be alone, or for all others.
  func lock() throws { try StoreLock.lockLoading(alone: isAlone, dialect, session) }

  // MARK: Pushes

  private static let inactive = SQLStatement("select id from repository where is_active = 0")

  /// The jobs of a batch with their pushes; what has none is kept waiting, what nobody wants is skipped.
  private mutating func places(
    of records: UnsafeBufferPointer<JobRecord>, _ items: [Int], in batch: [IncomingItem]
  ) throws -> [Place] {
    guard !records.isEmpty else { return [] }
    try references.resolve(
      Set(records.indices.lazy.map { records[$0].repository }).map { .init(table: .repository, first: $0) },
      in: session, makes: policy.createsRepositories)
    let inactive = Set(try session.run(Self.inactive).map { try $0.integer(0) })
    let names = records.indices.map { index in
      references[.repository, records[index].repository].map {
        PushDirectory.Name(repository: $0, revision: records[index].revision)
      }
    }
    let pushes = try pushes(named: Set(names.compactMap { $0 }).filter { !inactive.contains($0.repository) })
    var places: [Place] = []
    places.reserveCapacity(records.count)
    var waiting: [(record: Int, item: Int)] = []
    for index in records.indices {
      if let name = names[index], inactive.contains(name.repository) {
        outcomes[items[index]] = .skipped
      } else if let name = names[index], let push = pushes[name] {
        places.append((index, push, items[index]))
      } else {
        waiting.append((index, items[index]))
      }
    }
    try keepWaiting(waiting, records, of: batch)
    return places
  }

  /// The ids of pushes; those that are not known are made, if the policy says so, and what waited for them is stored.
  private mutating func pushes(named names: some Collection<PushDirectory.Name>) throws -> [PushDirectory.Name: Int64] {
    let directory = PushDirectory(session: session)
    let names = names.sorted()
    let (ids, ambiguous) = try directory.find(names)
    let missing = names.filter { ids[$0] == nil && !ambiguous.contains($0) }
    guard policy.createsPushes, !missing.isEmpty else { return ids }
    guard isAlone || dialect == .sqlite else { throw MustBeAlone() }
    try directory.make(missing, time: now)
    try releaseWaiting(for: missing)
    return try directory.find(names).ids
  }

  /// Makes a push and stores what waited for it; false where it was there.
  mutating func add(_ push: PushRecord) throws -> Bool { try !add([push]).new.isEmpty }

  // MARK: Rounds

  /// Stores jobs, each in the round in which it is its job's turn.
  mutating func store(_ places: [Place], _ records: UnsafeBufferPointer<JobRecord>) throws {
    var keys: [ReferenceTable.Key] = []
    for place in places where references.references(of: records[place.record]) == nil {
      keys += ReferenceIDs.keys(of: records[place.record])
    }
    if !keys.isEmpty { try references.resolve(keys, in: session) }
    var rounds: [[Entry]] = []
    var turns: [String: Int] = [:]
    turns.reserveCapacity(places.count)
    for (record, push, item) in places {
      guard let references = references.references(of: records[record]) else {
        throw StoreError(.unavailable, "a row that a job refers to and that was just made cannot be found")
      }
      let turn = turns[records[record].guid, default: 0]
      turns[records[record].guid] = turn + 1
      if turn == rounds.count { rounds.append([]) }
      rounds[turn].append(Entry(record: record, push: push, item: item, references: references))
    }
    for round in rounds {
      // In one order, so that two loaders never wait for each other's jobs.
      let round = round.sorted { records[$0.record].guid < records[$1.record].guid }
      let others = try JobRound(round, of: records, now: now, in: session).store { entry in
        changedPushes.insert(entry.push)
        if let item = entry.item { outcomes[item] = .stored }
      }
      changedPushes.formUnion(others)
    }
  }
}
