extension DatabaseStore {
  /// Looks for what is wrong, see ``Store/check()``.
  public func check() async throws -> [StoreDefect] {
    let migrator = Migrator(dialect: engine.dialect, steps: Schema.steps)
    let version = try await engine.read { try migrator.version($0) }
    guard version == migrator.steps.count else {
      let message =
        "the schema is at version \(version), this program's at \(migrator.steps.count): run drover store migrate"
      return [StoreDefect(description: message)]
    }
    if engine.dialect == .sqlite {
      let defects = try await engine.read { try Self.fileDefects($0) }
      // What a broken file answers to further questions means nothing.
      guard defects.isEmpty else { return defects }
    }
    return try await engine.read { session in
      try Invariant.all.compactMap { invariant in
        guard let row = try session.run(invariant.statement).first, case let count = try row.integer(0), count > 0
        else { return nil }
        return StoreDefect(description: "\(count) \(invariant.breach), the first: \(try row.text(1))")
      }
    }
  }

  /// What SQLite itself finds wrong with its file. PostgreSQL watches over its files and its foreign keys alone.
  private static func fileDefects(_ session: any SQLSession) throws -> [StoreDefect] {
    let pages = try session.run(SQLStatement("pragma integrity_check")).map { try $0.text(0) }.filter { $0 != "ok" }
    let keys = try session.run(SQLStatement("pragma foreign_key_check")).map { row in
      "a row of \(try row.text(0)) refers to one of \(try row.text(2)) that is not there"
    }
    return (pages + keys).map(StoreDefect.init)
  }
}

/// A rule about what is stored that the tables themselves do not hold, see ``Schema``.
private struct Invariant {
  /// What the rows that break it are, behind their number.
  let breach: String
  /// Counts the rows that break it and names one.
  let statement: SQLStatement

  private init(_ breach: String, example: String, in rows: String) {
    self.breach = breach
    statement = SQLStatement("select count(*), cast(min(\(example)) as text) from \(rows)")
  }

  /// Every row of `table` whose `column` is set belongs to a row of `owner`.
  private static func owner(of table: String, _ column: String, in owner: String) -> Invariant {
    Invariant(
      "rows of \(table) belong to rows of \(owner) that are not there", example: "t.\(column)",
      in: """
        \(table) t where t.\(column) is not null and not exists (select 1 from \(owner) o where o.id = t.\(column))
        """)
  }

  static let all = parents + states + logs + waiting

  private static let parents: [Invariant] =
    [
      ("push_id", "push"), ("job_type_id", "job_type"), ("job_group_id", "job_group"),
      ("build_system_id", "build_system"), ("signature_id", "signature"), ("job_group_name_id", "job_group_name"),
      ("product_id", "product"), ("build_platform_id", "platform"), ("machine_platform_id", "platform"),
      ("machine_id", "machine"), ("option_collection_id", "option_collection"),
    ].map { owner(of: "job", $0, in: $1) } + [
      owner(of: "job_log", "job_id", in: "job"), owner(of: "log_step", "log_id", in: "job_log"),
      owner(of: "log_error", "log_id", in: "job_log"), owner(of: "job_detail", "job_id", in: "job"),
      owner(of: "artifact", "job_id", in: "job"),
      Invariant(
        "rows of log_error belong to steps that are not there", example: "e.log_id",
        in: """
          log_error e where not exists (select 1 from log_step s where s.log_id = e.log_id and s.position = e.step)
          """),
    ]

  private static let completed = JobRecord.State.completed.rawValue

  /// What ``JobMerge`` makes of messages.
  private static let states: [Invariant] = [
    Invariant(
      "jobs are in no state that there is", example: "guid",
      in: "job where state not between 0 and \(completed) or message_state not between 0 and \(completed)"),
    Invariant(
      "jobs are in another state than their messages and what superseded them make it", example: "guid",
      in: """
        job where case when superseded_by is null then state <> message_state
          else state <> \(completed) or message_state = \(completed) end
        """),
    Invariant(
      "jobs have a result that their state does not have", example: "guid",
      in: """
        job where (state < \(completed) and result <> 'unknown')
          or (superseded_by is not null and result <> 'superseded')
        """),
    Invariant(
      "artifacts come from a message that their job does not know of", example: "job.guid",
      in: "artifact join job on job.id = artifact.job_id where artifact.message_state > job.message_state"),
  ]

  /// What ``LogRecord/awaited`` and what follows it make of logs.
  private static let logs = [
    Invariant(
      "logs await what logs like them do not", example: "url",
      in: """
        job_log where awaits not between 0 and \(LogRecord.Awaited.suggestions.rawValue)
          or (awaits = \(LogRecord.Awaited.summary.rawValue)
            and parse_status <> \(LogRecord.ParseStatus.pending.rawValue))
          or (awaits = \(LogRecord.Awaited.suggestions.rawValue)
            and parse_status <> \(LogRecord.ParseStatus.parsed.rawValue))
        """)
  ]

  private static let waiting = [
    Invariant(
      "jobs wait for a push that is there", example: "w.guid",
      in: """
        waiting_job w join repository r on r.name = w.repository
          join push p on p.repository_id = r.id and p.revision = w.revision
        """)
  ]
}
