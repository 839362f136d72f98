/// Stores jobs of which each occurs once, with everything that belongs to them.
struct JobRound {
  private let jobs: [BatchLoader.Entry]
  private let records: UnsafeBufferPointer<JobRecord>
  private let now: Int64
  private let session: any SQLSession

  /// - Parameters:
  ///   - jobs: in the order in which they are stored.
  ///   - records: what the jobs' numbers mean; must stay as long as this.
  init(_ jobs: [BatchLoader.Entry], of records: UnsafeBufferPointer<JobRecord>, now: Int64, in session: any SQLSession)
  {
    self.jobs = jobs
    self.records = records
    self.now = now
    self.session = session
  }

  private static let find = SQLStatement(
    "select job.id, job.guid from {rows} join job on job.guid = v.guid", [.text("guid")])
  /// Says that a job has changed, where only what belongs to it has.
  static let touch = SQLStatement(
    "update job set last_modified = v.time from {rows} where job.id = v.id", [.integer("id"), .integer("time")])

  /// Stores them and tells for which ones the store did not know everything.
  ///
  /// - Returns: the pushes of other jobs that these ended.
  func store(isNews: (BatchLoader.Entry) -> Void) throws -> Set<Int64> {
    var ids: [String: Int64] = [:]
    ids.reserveCapacity(jobs.count)
    for row in try session.run(JobMerge.upsert, columns) { ids[try row.text(1)] = try row.integer(0) }
    let changed = Set(ids.values)
    if ids.count < jobs.count {
      let unchanged = jobs.map { records[$0.record].guid }.filter { ids[$0] == nil }
      for row in try session.run(Self.find, [.texts(unchanged)]) { ids[try row.text(1)] = try row.integer(0) }
    }
    let owners = try jobs.map { job in
      guard let id = ids[records[job.record].guid] else {
        throw StoreError(.unavailable, "a job that was just stored cannot be found")
      }
      return JobParts.Owner(id: id, record: job.record, isChanged: changed.contains(id))
    }
    var parts = JobParts(owners, of: records, in: session)
    try parts.store()
    let (carriers, pushes) = try supersede(ids)
    let news = parts.news.union(carriers)
    // Whoever follows the jobs by this time also wants to hear of a log that came late.
    let late = news.subtracting(changed).sorted()
    if !late.isEmpty { _ = try session.run(Self.touch, [.integers(late), .integers(late.map { _ in now })]) }
    for (job, owner) in zip(jobs, owners) where owner.isChanged || news.contains(owner.id) { isNews(job) }
    return pushes
  }

  // MARK: Superseded jobs

  private static let noteSupersession = SQLStatement.insert(
    into: "supersession", [.text("guid"), .text("superseded_by"), .integer("noted_time")],
    "on conflict (guid) do nothing returning superseded_by")

  private static let pushesOfJobs = SQLStatement(
    "select distinct job.push_id from {rows} join job on job.guid = v.guid", [.text("guid")])

  /// Ends the jobs that these did the work of.
  ///
  /// - Returns: the ids of those that said something new by it, and the pushes of the jobs that were ended.
  private func supersede(_ ids: [String: Int64]) throws -> (carriers: Set<Int64>, pushes: Set<Int64>) {
    var carriers: [String: String] = [:]
    for job in jobs where !records[job.record].superseded.isEmpty {
      let carrier = records[job.record].guid
      // The first one that says so stays; none supersedes itself.
      for guid in records[job.record].superseded where guid != carrier { carriers[guid] = carriers[guid] ?? carrier }
    }
    guard !carriers.isEmpty else { return ([], []) }
    let guids = carriers.keys.sorted()
    let noted = try session.run(
      Self.noteSupersession,
      [.texts(guids), .texts(guids.map { carriers[$0] }), .integers(guids.map { _ in now })])
    _ = try session.run(JobMerge.supersede, [.texts(guids), .integers(guids.map { _ in now })])
    let pushes = try session.run(Self.pushesOfJobs, [.texts(guids)]).map { try $0.integer(0) }
    return (Set(try noted.compactMap { ids[try $0.text(0)] }), Set(pushes))
  }

  // MARK: Columns

  /// In the order of ``JobMerge/parameters``.
  private var columns: [SQLColumn] {
    func texts(_ value: (borrowing JobRecord) -> String?) -> SQLColumn {
      .texts(jobs.map { value(records[$0.record]) })
    }
    func integers(_ value: (borrowing JobRecord) -> Int64?) -> SQLColumn {
      .integers(jobs.map { value(records[$0.record]) })
    }
    func ids(_ value: (JobReferences) -> Int64?) -> SQLColumn { .integers(jobs.map { value($0.references) }) }
    return [
      texts { $0.guid }, texts { $0.taskID }, integers { $0.retryID.map(Int64.init) }, .integers(jobs.map(\.push)),
      ids(\.jobType), ids(\.jobGroup), ids(\.buildSystem), ids(\.signature), ids(\.jobGroupName), ids(\.product),
      texts { $0.reason }, texts { $0.who }, integers { $0.tier.map(Int64.init) },
      integers { $0.submitTime }, integers { $0.startTime }, integers { $0.endTime },
      ids(\.buildPlatform), ids(\.machinePlatform), ids(\.machine), ids(\.optionCollection),
      integers { Int64($0.state.rawValue) }, texts { $0.result }, integers { Self.provenance(of: $0) },
      integers { _ in now },
    ]
  }

  /// In the order of ``JobMerge``'s columns that a message may leave out.
  private static func provenance(of job: borrowing JobRecord) -> Int64 {
    JobMerge.provenance(
      state: job.state.rawValue, job.groupName != nil, job.product != nil, job.reason != nil, job.who != nil,
      job.tier != nil, job.submitTime != nil, job.startTime != nil, job.endTime != nil, job.buildPlatform != nil,
      job.machinePlatform != nil, job.machine != nil, job.options != nil && job.optionHash != nil)
  }
}
