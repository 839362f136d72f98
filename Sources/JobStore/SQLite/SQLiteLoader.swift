import Foundation
import GRDB

/// Loads one batch inside one transaction.
struct SQLiteLoader {
  let db: Database
  let createsPushes: Bool
  private let now = Int64(Date().timeIntervalSince1970 * 1000)

  init(db: Database, createsPushes: Bool) {
    self.db = db
    self.createsPushes = createsPushes
  }

  mutating func load(_ batch: [IncomingItem]) throws -> [LoadOutcome] {
    try batch.map { item in
      switch item.content {
      case .rejected(let reasons, let body):
        return try keepRejected(item.origin, reasons, body) ? .rejected : .duplicate
      case .job(let job):
        guard let push = try pushID(of: job) else {
          return try keepWaiting(item.origin, job) ? .waiting : .duplicate
        }
        return try store(job, in: push) ? .stored : .duplicate
      }
    }
  }

  // MARK: Pushes

  private func pushID(of job: JobRecord) throws -> Int64? {
    guard let repository = try repositoryID(of: job) else { return nil }
    // A prefix of a revision sorts right before the revisions that it begins; "g" sorts after every hexadecimal digit.
    let known = try Int64.fetchAll(
      db.cachedStatement(
        sql: "select id from push where repository_id = ? and revision >= ? and revision < ? limit 2"),
      arguments: [repository, job.revision, job.revision + "g"])
    if known.count == 1 { return known[0] }
    if let exact = try Int64.fetchOne(
      db.cachedStatement(sql: "select id from push where repository_id = ? and revision = ?"),
      arguments: [repository, job.revision])
    {
      return exact
    }
    guard createsPushes, known.isEmpty else { return nil }
    let push = try id(
      insert: """
        insert into push (repository_id, revision, created_time) values (?, ?, ?)
        on conflict (repository_id, revision) do nothing returning id
        """,
      find: "select id from push where repository_id = ? and revision = ?", [repository, job.revision], [now])
    try releaseWaiting(repository: job.repository, revision: job.revision, push: push)
    return push
  }

  /// The repository's id; nil for one that is not known where pushes are not made here either.
  private func repositoryID(of job: JobRecord) throws -> Int64? {
    let find = "select id from repository where name = ?"
    guard createsPushes else {
      return try Int64.fetchOne(db.cachedStatement(sql: find), arguments: [job.repository])
    }
    return try id(
      insert: "insert into repository (name) values (?) on conflict (name) do nothing returning id", find: find,
      [job.repository])
  }

  /// Inserts a row and returns its id, or that of the row that was there before.
  private func id(
    insert: String, find: String, _ key: [any DatabaseValueConvertible], _ rest: [any DatabaseValueConvertible] = []
  ) throws -> Int64 {
    if let id = try Int64.fetchOne(db.cachedStatement(sql: find), arguments: StatementArguments(key)) { return id }
    if let id = try Int64.fetchOne(db.cachedStatement(sql: insert), arguments: StatementArguments(key + rest)) {
      return id
    }
    guard let id = try Int64.fetchOne(db.cachedStatement(sql: find), arguments: StatementArguments(key)) else {
      throw StoreError(.unavailable, "a row that was just made cannot be found")
    }
    return id
  }

  // MARK: Jobs

  /// Merges a job; false where the store knew all of it.
  private func store(_ job: JobRecord, in push: Int64) throws -> Bool {
    let changed = try Int64.fetchOne(
      db.cachedStatement(sql: JobMerge.upsert), arguments: SQLiteLoader.arguments(of: job, push: push, now: now))
    var isNews = changed != nil
    guard
      let id = try changed
        ?? Int64.fetchOne(db.cachedStatement(sql: "select id from job where guid = ?"), arguments: [job.guid])
    else { throw StoreError(.unavailable, "a job that was just stored cannot be found") }
    for log in job.logs { isNews = try store(log, of: id) || isNews }
    for detail in job.details {
      isNews =
        try insert(
          """
          insert into job_detail (job_id, title, value, url, content_type) values (?, ?, ?, ?, ?)
          on conflict (job_id, title, value, url) do nothing
          """, [id, detail.title, detail.value, detail.url ?? "", detail.contentType]) || isNews
    }
    for artifact in job.artifacts {
      isNews =
        try insert(
          """
          insert into artifact (job_id, name, type, blob, state) values (?, ?, ?, ?, ?)
          on conflict (job_id, name) do update
          set type = excluded.type, blob = excluded.blob, state = excluded.state
          where \(JobMerge.wins(over: "artifact.state"))
            and (artifact.type, artifact.blob, artifact.state)
              is distinct from (excluded.type, excluded.blob, excluded.state)
          """, [id, artifact.name, artifact.type, artifact.blob, job.state.rawValue]) || isNews
    }
    for guid in job.superseded where guid != job.guid {
      isNews =
        try insert(
          "insert into supersession (guid, superseded_by) values (?, ?) on conflict (guid) do nothing",
          [guid, job.guid])
        || isNews
      try applySupersession(to: guid)
    }
    if changed != nil, job.state != .completed { try applySupersession(to: job.guid) }
    // Whoever follows the jobs by this time also wants to hear of a log that came late.
    if isNews, changed == nil {
      try db.cachedStatement(sql: "update job set last_modified = ? where id = ?").execute(arguments: [now, id])
    }
    return isNews
  }

  /// Turns a job that another one did the work of superseded, unless it is completed: that is final.
  private func applySupersession(to guid: String) throws {
    try db.cachedStatement(
      sql: """
        update job set state = 3, result = 'superseded', last_modified = ?,
          superseded_by = (select superseded_by from supersession where supersession.guid = job.guid)
        where guid = ? and state < 3 and guid in (select guid from supersession)
        """
    ).execute(arguments: [now, guid])
  }

  private func store(_ log: LogRecord, of job: Int64) throws -> Bool {
    // A log that was announced before it was parsed becomes parsed; a parsed one stays as it is.
    guard
      let id = try Int64.fetchOne(
        db.cachedStatement(
          sql: """
            insert into job_log (job_id, name, url, parse_status, errors_truncated) values (?, ?, ?, ?, ?)
            on conflict (job_id, name, url) do update
            set parse_status = excluded.parse_status, errors_truncated = excluded.errors_truncated
            where job_log.parse_status < excluded.parse_status
            returning id
            """),
        arguments: [job, log.name, log.url, log.parseStatus.rawValue, log.areErrorsTruncated])
    else { return false }
    for (position, step) in log.steps.enumerated() {
      let stepID = try Int64.fetchOne(
        db.cachedStatement(
          sql: """
            insert into log_step (log_id, position, name, result, started_time, finished_time, first_line, last_line)
            values (?, ?, ?, ?, ?, ?, ?, ?) returning id
            """),
        arguments: [
          id, position, step.name, step.result, step.started, step.finished, step.firstLine, step.lastLine,
        ])
      for error in step.errors {
        _ = try insert(
          "insert into log_error (step_id, line_number, line) values (?, ?, ?)", [stepID, error.lineNumber, error.line])
      }
    }
    return true
  }

  /// Runs a statement that inserts or changes one row at most; false where it did neither.
  private func insert(_ sql: String, _ arguments: [(any DatabaseValueConvertible)?]) throws -> Bool {
    try db.cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
    return db.changesCount > 0
  }

  static func arguments(of job: JobRecord, push: Int64, now: Int64) -> StatementArguments {
    let isKnown: [Bool] = [
      job.groupName != nil, job.product != nil, job.reason != nil, job.who != nil, job.tier != nil,
      job.submitTime != nil, job.startTime != nil, job.endTime != nil, job.buildPlatform != nil,
      job.machinePlatform != nil, job.machine != nil, job.options != nil,
    ]
    let options = job.options?.joined(separator: " ")
    let provenance = JobMerge.provenance(state: job.state.rawValue, isKnown: isKnown)
    // In the order of JobMerge.columns.
    var arguments: StatementArguments = [job.guid, job.taskID, job.retryID]
    arguments += [push, job.state.rawValue, job.result, job.name, job.symbol]
    arguments += [job.groupSymbol, job.buildSystem, job.signature]
    arguments += [job.groupName, job.product, job.reason, job.who, job.tier]
    arguments += [job.submitTime, job.startTime, job.endTime]
    for platform in [job.buildPlatform, job.machinePlatform] {
      arguments += [platform?.os, platform?.platform, platform?.architecture]
    }
    arguments += [job.machine, options, job.optionHash, provenance, now]
    return arguments
  }

  // MARK: What does not become a job yet

  /// Keeps a job until its push comes; false where the same message waits already.
  private func keepWaiting(_ origin: IncomingItem.Origin, _ job: JobRecord) throws -> Bool {
    let encoder = JSONEncoder()
    // Without an order of keys two encodings of one record differ.
    encoder.outputFormatting = .sortedKeys
    let record = String(decoding: try encoder.encode(job), as: UTF8.self)
    return try insert(
      """
      insert into waiting_job (repository, revision, guid, exchange, routing_key, received_time, record)
      values (?, ?, ?, ?, ?, ?, ?) on conflict (guid, record) do nothing
      """,
      [job.repository, job.revision, job.guid, origin.exchange, origin.routingKey, origin.receivedTime, record])
  }

  /// Stores the jobs that waited for a push, in the order in which they came.
  private func releaseWaiting(repository: String, revision: String, push: Int64) throws {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          select id, record from waiting_job
          where repository = ? and revision = substr(?, 1, length(revision)) order by id
          """),
      arguments: [repository, revision])
    for row in rows {
      let job = try JSONDecoder().decode(JobRecord.self, from: Data((row[1] as String).utf8))
      _ = try store(job, in: push)
      try db.cachedStatement(sql: "delete from waiting_job where id = ?").execute(arguments: [row[0] as Int64])
    }
  }

  /// Keeps a message that is no job; false where the same message was rejected before.
  private func keepRejected(_ origin: IncomingItem.Origin, _ reasons: String, _ body: [UInt8]) throws -> Bool {
    try insert(
      """
      insert into rejected_message (exchange, routing_key, received_time, reasons, digest, body)
      values (?, ?, ?, ?, ?, ?) on conflict (digest) do nothing
      """,
      [
        origin.exchange, origin.routingKey, origin.receivedTime, reasons,
        Data(Digest.of(origin.exchange, origin.routingKey, body)), Data(body),
      ])
  }
}
