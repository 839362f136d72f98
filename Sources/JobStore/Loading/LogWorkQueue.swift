/// What is still to be made out of logs: a number in each log's row, which an index holds while it is not 0.
///
/// So whatever is stored of a log decides in its own statement what is to be made of it, and a job whose log is pending
/// costs no row more than its log.
enum LogWorkQueue {
  /// Rows of logs whose summaries are to be made.
  static let summaries = "job_log where awaits = \(LogRecord.Awaited.summary.rawValue)"

  /// Counts the jobs for which suggestions are to be made, now or once their logs are parsed.
  static let countSuggestions = SQLStatement(
    "select count(distinct l.job_id) from job_log l where l.awaits > 0 and not \(hasSuggestions("l.job_id"))")

  /// Whether somebody has given a job suggestions.
  static func hasSuggestions(_ job: String) -> String {
    "exists (select 1 from artifact a where a.job_id = \(job) and a.name = '\(ArtifactRecord.bugSuggestions)')"
  }

  private static let withdraw = SQLStatement(
    """
    update job_log set awaits = \(LogRecord.Awaited.nothing.rawValue), lease_end = null from {rows}
    where job_log.job_id = v.id and job_log.awaits = \(LogRecord.Awaited.suggestions.rawValue)
    """, [.integer("id")])

  /// Ends the work on suggestions for jobs that have them now.
  static func withdrawSuggestions(for jobs: [Int64], in session: any SQLSession) throws {
    guard !jobs.isEmpty else { return }
    _ = try session.run(withdraw, [.integers(jobs)])
  }

  private static func find(_ kind: LogWork.Kind, limit: Int, _ dialect: SQLDialect) -> SQLStatement {
    let suggestions = LogRecord.Awaited.suggestions.rawValue
    let condition =
      switch kind {
      case .summary: "l.awaits = \(LogRecord.Awaited.summary.rawValue)"
      case .suggestions:
        """
        l.awaits = \(suggestions) and not \(hasSuggestions("l.job_id")) and not exists (
          select 1 from job_log o where o.job_id = l.job_id and o.awaits > 0
            and (o.awaits < \(suggestions) or o.id < l.id))
        """
      }
    // Without a lock, two of PostgreSQL's transactions would choose the same rows, and the later one take them again.
    let lock = dialect == .postgreSQL ? "for update of l skip locked" : ""
    // A scalar, so that PostgreSQL reads the index in its order and ends with the last row that is wanted.
    return SQLStatement(
      """
      select l.id from job_log l
      where \(condition) and (l.lease_end is null or l.lease_end <= (select v.now from {rows}))
      order by l.id limit \(limit) \(lock)
      """, [.integer("now")])
  }
  private static let lease = SQLStatement(
    """
    update job_log set lease_end = v.lease_end from {rows} where job_log.id = v.id
    returning job_log.id, (select j.guid from job j where j.id = job_log.job_id), job_log.name, job_log.url
    """, [.integer("id"), .integer("lease_end")])

  /// How much can be taken at once.
  static let maximumClaim = 100

  /// Takes work that is free.
  ///
  /// A job's suggestions wait until all of its logs are parsed; the first of those that await them stands for all.
  static func claim(
    _ kind: LogWork.Kind, limit: Int, now: Int64, leaseEnd: Int64, _ dialect: SQLDialect, in session: any SQLSession
  ) throws -> [LogWork] {
    let ids = try session.run(find(kind, limit: min(max(1, limit), maximumClaim), dialect), [.integers([now])])
      .map { try $0.integer(0) }
    return try session.run(lease, [.integers(ids), .integers(ids.map { _ in leaseEnd })])
      .map { row in
        (
          try row.integer(0),
          LogWork(kind: kind, jobGUID: try row.text(1), logName: try row.text(2), logURL: try row.text(3))
        )
      }
      .sorted { $0.0 < $1.0 }.map(\.1)
  }
}
