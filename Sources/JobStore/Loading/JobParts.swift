/// What belongs to jobs and is stored in tables of its own: logs with their steps and errors, details, artifacts.
struct JobParts {
  /// A job that is stored.
  struct Owner {
    let id: Int64
    /// Its number among the records.
    let record: Int
    /// Whether its own row is new or changed: then it does not matter whether something is added.
    let isChanged: Bool
  }

  private let jobs: [Owner]
  private let records: UnsafeBufferPointer<JobRecord>
  let session: any SQLSession
  /// Jobs that something was added to; of those whose own row is changed not all.
  var news: Set<Int64> = []

  init(_ jobs: [Owner], of records: UnsafeBufferPointer<JobRecord>, in session: any SQLSession) {
    self.jobs = jobs
    self.records = records
    self.session = session
  }

  /// Stores it all.
  mutating func store() throws {
    try storeLogs()
    try storeDetails()
    try storeArtifacts()
  }

  struct Key: Hashable {
    let job: Int64
    let digest: Int64
  }

  // MARK: Logs

  // A log that was announced before it was parsed becomes parsed; a parsed one stays as it is.
  private static func insertLog(_ returning: String) -> SQLStatement {
    .insert(
      into: "job_log",
      [
        .integer("job_id"), .integer("digest"), .text("name"), .text("url"), .integer("parse_status"),
        .integer("errors_truncated"), .integer("awaits"),
      ],
      """
      on conflict (job_id, digest) do update
      set parse_status = excluded.parse_status, errors_truncated = excluded.errors_truncated,
        awaits = excluded.awaits, lease_end = null
      where job_log.parse_status <> \(LogRecord.ParseStatus.parsed.rawValue)
        and excluded.parse_status not in (\(LogRecord.ParseStatus.pending.rawValue), job_log.parse_status) \(returning)
      """)
  }

  private static let insertLog = insertLog("")
  private static let insertLogReturning = insertLog("returning id, job_id, digest")

  private mutating func storeLogs() throws {
    // Those of which nobody has to know what became of them, and the others.
    var plain: [(key: Key, record: Int, log: Int)] = []
    var others: [(key: Key, record: Int, log: Int)] = []
    for job in jobs {
      let logs = records[job.record].logs
      var seen: [Int64: Int] = [:]
      for index in logs.indices {
        let digest = Digest.short(logs[index].name, logs[index].url)
        if logs.count > 1 {
          // Of two of one name and URL the one that is parsed, else the first.
          if let first = seen[digest], logs[first].parseStatus.rank >= logs[index].parseStatus.rank { continue }
          if seen[digest] != nil {
            plain.removeAll { $0.key == Key(job: job.id, digest: digest) }
            others.removeAll { $0.key == Key(job: job.id, digest: digest) }
          }
          seen[digest] = index
        }
        let entry = (key: Key(job: job.id, digest: digest), record: job.record, log: index)
        if job.isChanged, logs[index].steps.isEmpty { plain.append(entry) } else { others.append(entry) }
      }
    }
    _ = try insert(plain, Self.insertLog)
    var positions: [Key: Int] = [:]
    for (position, entry) in others.enumerated() { positions[entry.key] = position }
    var steps: [(log: Int64, position: Int64, step: LogRecord.Step)] = []
    for row in try insert(others, Self.insertLogReturning) {
      let key = Key(job: try row.integer(1), digest: try row.integer(2))
      news.insert(key.job)
      guard let position = positions[key] else { continue }
      let (id, entry) = (try row.integer(0), others[position])
      for (position, step) in records[entry.record].logs[entry.log].steps.enumerated() {
        steps.append((id, Int64(position), step))
      }
    }
    try store(steps)
  }

  private func insert(
    _ logs: [(key: Key, record: Int, log: Int)], _ statement: SQLStatement
  ) throws -> [SQLRow] {
    guard !logs.isEmpty else { return [] }
    return try session.run(
      statement,
      [
        .integers(logs.map(\.key.job)), .integers(logs.map(\.key.digest)),
        .texts(logs.map { records[$0.record].logs[$0.log].name }),
        .texts(logs.map { records[$0.record].logs[$0.log].url }),
        .integers(logs.map { Int64(records[$0.record].logs[$0.log].parseStatus.rawValue) }),
        .integers(logs.map { records[$0.record].logs[$0.log].areErrorsTruncated ? 1 : 0 }),
        .integers(logs.map { records[$0.record].logs[$0.log].awaited.rawValue }),
      ])
  }

  private static let insertStep = SQLStatement.insert(
    into: "log_step",
    [
      .integer("log_id"), .integer("position"), .text("name"), .text("result"), .integer("started_time"),
      .integer("finished_time"), .integer("first_line"), .integer("last_line"),
    ], "")
  private static let insertError = SQLStatement.insert(
    into: "log_error",
    [.integer("log_id"), .integer("step"), .integer("position"), .integer("line_number"), .text("line")], "")

  /// Stores steps of logs that have none.
  func store(_ steps: [(log: Int64, position: Int64, step: LogRecord.Step)]) throws {
    guard !steps.isEmpty else { return }
    _ = try session.run(
      Self.insertStep,
      [
        .integers(steps.map(\.log)), .integers(steps.map(\.position)), .texts(steps.map(\.step.name)),
        .texts(steps.map(\.step.result)), .integers(steps.map(\.step.started)),
        .integers(steps.map(\.step.finished)), .integers(steps.map { Int64($0.step.firstLine) }),
        .integers(steps.map { Int64($0.step.lastLine) }),
      ])
    let errors = steps.flatMap { log, position, step in
      step.errors.enumerated().map { (log: log, step: position, position: Int64($0.offset), error: $0.element) }
    }
    guard !errors.isEmpty else { return }
    _ = try session.run(
      Self.insertError,
      [
        .integers(errors.map(\.log)), .integers(errors.map(\.step)), .integers(errors.map(\.position)),
        .integers(errors.map { $0.error.lineNumber.map(Int64.init) }), .texts(errors.map(\.error.line)),
      ])
  }

  // MARK: Details

  private static func insertDetail(_ returning: String) -> SQLStatement {
    .insert(
      into: "job_detail",
      [
        .integer("job_id"), .integer("digest"), .text("title"), .text("value"), .text("url"), .text("content_type"),
      ],
      "on conflict (job_id, digest) do nothing \(returning)")
  }

  private static let insertDetail = insertDetail("")
  private static let insertDetailReturning = insertDetail("returning job_id")

  private mutating func storeDetails() throws {
    _ = try insertDetails(of: jobs.filter(\.isChanged), Self.insertDetail)
    for row in try insertDetails(of: jobs.filter { !$0.isChanged }, Self.insertDetailReturning) {
      news.insert(try row.integer(0))
    }
  }

  private func insertDetails(of jobs: [Owner], _ statement: SQLStatement) throws -> [SQLRow] {
    try insert(jobs.flatMap { job in records[job.record].details.map { (job: job.id, detail: $0) } }, statement)
  }

  private func insert(_ details: [(job: Int64, detail: DetailRecord)], _ statement: SQLStatement) throws -> [SQLRow] {
    guard !details.isEmpty else { return [] }
    return try session.run(
      statement,
      [
        .integers(details.map(\.job)),
        .integers(details.map { Digest.short($0.detail.title, $0.detail.value, $0.detail.url ?? "") }),
        .texts(details.map(\.detail.title)), .texts(details.map(\.detail.value)), .texts(details.map(\.detail.url)),
        .texts(details.map(\.detail.contentType)),
      ])
  }

  // MARK: Artifacts

  private static let insertArtifact = SQLStatement.insert(
    into: "artifact",
    [.integer("job_id"), .text("name"), .text("type"), .text("blob"), .integer("message_state")],
    """
    on conflict (job_id, name) do update
    set type = excluded.type, blob = excluded.blob, message_state = excluded.message_state
    where \(JobMerge.wins(over: "artifact.message_state"))
      and (artifact.type, artifact.blob, artifact.message_state)
        is distinct from (excluded.type, excluded.blob, excluded.message_state)
    returning job_id, name
    """)

  /// An artifact for a job, and the state of the message that it came in.
  typealias Attached = (job: Int64, state: JobRecord.State, artifact: ArtifactRecord)

  private mutating func storeArtifacts() throws {
    try store(
      jobs.flatMap { job in
        records[job.record].artifacts.map { (job.id, records[job.record].state, $0) }
      })
  }

  /// Stores artifacts, and what follows from those that are new.
  mutating func store(_ attached: [Attached]) throws {
    // Of two of one name in one message the first one stays where the job is completed, the last one where it is not.
    var artifacts: [Attached] = []
    var positions: [ArtifactKey: Int] = [:]
    for entry in attached {
      let key = ArtifactKey(job: entry.job, name: entry.artifact.name)
      if let position = positions[key] {
        if entry.state != .completed { artifacts[position] = entry }
      } else {
        positions[key] = artifacts.count
        artifacts.append(entry)
      }
    }
    guard !artifacts.isEmpty else { return }
    let rows = try session.run(
      Self.insertArtifact,
      [
        .integers(artifacts.map(\.job)), .texts(artifacts.map(\.artifact.name)),
        .texts(artifacts.map(\.artifact.type)), .texts(artifacts.map(\.artifact.blob)),
        .integers(artifacts.map { Int64($0.state.rawValue) }),
      ])
    var new: [Attached] = []
    for row in rows {
      let key = ArtifactKey(job: try row.integer(0), name: try row.text(1))
      news.insert(key.job)
      if let position = positions[key] { new.append(artifacts[position]) }
    }
    try storeSummaries(of: new)
    try LogWorkQueue.withdrawSuggestions(
      for: new.filter { $0.artifact.name == ArtifactRecord.bugSuggestions }.map(\.job), in: session)
  }

  private struct ArtifactKey: Hashable {
    let job: Int64
    let name: String
  }

  /// Stores details of jobs whose own rows nobody has touched.
  mutating func store(_ details: [(job: Int64, detail: DetailRecord)]) throws {
    for row in try insert(details, Self.insertDetailReturning) { news.insert(try row.integer(0)) }
  }
}
