/// What belongs to jobs and is stored in tables of its own: logs with their steps and errors, details, artifacts.
struct JobParts {
  private let jobs: [(id: Int64, record: JobRecord)]
  private let session: any SQLSession
  /// The jobs that something was added to.
  private var news: Set<Int64> = []

  init(_ jobs: [(id: Int64, record: JobRecord)], in session: any SQLSession) {
    self.jobs = jobs
    self.session = session
  }

  /// Stores it all; returns the ids of the jobs that something was added to.
  func store() throws -> Set<Int64> {
    var copy = self
    try copy.storeLogs()
    try copy.storeDetails()
    try copy.storeArtifacts()
    return copy.news
  }

  private struct Key: Hashable {
    let job: Int64
    let digest: Int64
  }

  // MARK: Logs

  // A log that was announced before it was parsed becomes parsed; a parsed one stays as it is.
  private static let insertLog = SQLStatement.insert(
    into: "job_log",
    [
      .integer("job_id"), .integer("digest"), .text("name"), .text("url"), .integer("parse_status"),
      .integer("errors_truncated"),
    ],
    """
    on conflict (job_id, digest) do update
    set parse_status = excluded.parse_status, errors_truncated = excluded.errors_truncated
    where job_log.parse_status < excluded.parse_status
    returning id, job_id, digest
    """)

  private mutating func storeLogs() throws {
    var logs: [(key: Key, log: LogRecord)] = []
    var positions: [Key: Int] = [:]
    for (id, record) in jobs {
      for log in record.logs {
        let key = Key(job: id, digest: Digest.short(log.name, log.url))
        if let position = positions[key] {
          if logs[position].log.parseStatus.rawValue < log.parseStatus.rawValue { logs[position].log = log }
        } else {
          positions[key] = logs.count
          logs.append((key, log))
        }
      }
    }
    guard !logs.isEmpty else { return }
    let rows = try session.run(
      Self.insertLog,
      [
        .integers(logs.map(\.key.job)), .integers(logs.map(\.key.digest)), .texts(logs.map(\.log.name)),
        .texts(logs.map(\.log.url)), .integers(logs.map { Int64($0.log.parseStatus.rawValue) }),
        .integers(logs.map { $0.log.areErrorsTruncated ? 1 : 0 }),
      ])
    var steps: [(log: Int64, position: Int64, step: LogRecord.Step)] = []
    for row in rows {
      let key = Key(job: try row.integer(1), digest: try row.integer(2))
      news.insert(key.job)
      guard let position = positions[key] else { continue }
      let id = try row.integer(0)
      for (position, step) in logs[position].log.steps.enumerated() { steps.append((id, Int64(position), step)) }
    }
    try store(steps)
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

  private func store(_ steps: [(log: Int64, position: Int64, step: LogRecord.Step)]) throws {
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

  private static let insertDetail = SQLStatement.insert(
    into: "job_detail",
    [
      .integer("job_id"), .integer("digest"), .text("title"), .text("value"), .text("url"), .text("content_type"),
    ],
    "on conflict (job_id, digest) do nothing returning job_id")

  private mutating func storeDetails() throws {
    let details = jobs.flatMap { id, record in record.details.map { (job: id, detail: $0) } }
    guard !details.isEmpty else { return }
    let rows = try session.run(
      Self.insertDetail,
      [
        .integers(details.map(\.job)),
        .integers(details.map { Digest.short($0.detail.title, $0.detail.value, $0.detail.url ?? "") }),
        .texts(details.map(\.detail.title)), .texts(details.map(\.detail.value)), .texts(details.map(\.detail.url)),
        .texts(details.map(\.detail.contentType)),
      ])
    for row in rows { news.insert(try row.integer(0)) }
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
    returning job_id
    """)

  private mutating func storeArtifacts() throws {
    // Of two of one name in one message the first one stays where the job is completed, the last one where it is not.
    var artifacts: [(job: Int64, state: JobRecord.State, artifact: ArtifactRecord)] = []
    for (id, record) in jobs where !record.artifacts.isEmpty {
      var positions: [String: Int] = [:]
      for artifact in record.artifacts {
        if let position = positions[artifact.name] {
          if record.state != .completed { artifacts[position].artifact = artifact }
        } else {
          positions[artifact.name] = artifacts.count
          artifacts.append((id, record.state, artifact))
        }
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
    for row in rows { news.insert(try row.integer(0)) }
  }
}
