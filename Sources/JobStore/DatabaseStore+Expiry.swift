extension DatabaseStore {
  /// Deletes what is old, see ``Store/expire(before:batchSize:while:)``.
  public func expire(
    before time: Int64, batchSize: Int, while goesOn: @Sendable (ExpiryReport) -> Bool
  ) async throws -> ExpiryReport {
    var report = ExpiryReport()
    for stage in ExpiryStage.allCases {
      // Each search begins where the one before ended: what was deleted stays in an index for a while, and pushes that
      // have younger jobs stay in the table.
      var since = Int64.min
      while true {
        let (candidates, last) = try await engine.read { [engine, since] session in
          try ExpiryStage.useIndexes(session, engine.dialect)
          return try stage.candidates(in: session, since: since, before: time, limit: batchSize)
        }
        guard let last else { break }
        since = last
        report = try await engine.write { [engine, report] session in
          // A push must not go while a batch is giving it jobs, nor a job while it is given logs.
          try StoreLock.lockLoading(alone: true, engine.dialect, session)
          try ExpiryStage.useIndexes(session, engine.dialect)
          var report = report
          try stage.delete(candidates, olderThan: time, in: session, &report)
          return report
        }
        guard goesOn(report) else { return report }
        if candidates.count < batchSize { break }
        try await Task.sleep(for: engine.turn)
      }
    }
    return report
  }
}

/// What is deleted one after the other.
///
/// Candidates are looked for ahead of the transaction that deletes, which holds everybody else up: it takes them by their
/// key, and only if they are what they were.
enum ExpiryStage: CaseIterable {
  /// Jobs that say when they were submitted.
  case submittedJobs
  /// Jobs that do not, and are as old as their push.
  case otherJobs
  /// Pushes without jobs.
  case pushes
  /// Notes that a job is superseded which never came, or which has the note in its row by now.
  case supersessions

  /// Has PostgreSQL read indexes in their order for the rest of the transaction.
  ///
  /// It plans a statement without knowing how much is old. Where that is most of a table, as the first time, it would
  /// read and sort all of it for every batch.
  static func useIndexes(_ session: any SQLSession, _ dialect: SQLDialect) throws {
    guard dialect == .postgreSQL else { return }
    try session.execute(
      ["seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin"].map { "set local enable_\($0) = off" }
        .joined(separator: "; "))
  }

  /// A part of an index from where the last search ended; scalar, so that both databases read the index in its order.
  private func range(_ column: String) -> String {
    "\(column) >= (select v.from_time from {rows}) and \(column) < (select v.to_time from {rows})"
  }

  /// Finds what is old: an id and a time, ordered by time, at most `limit`.
  func search(limit: Int) -> SQLStatement {
    let text =
      switch self {
      case .submittedJobs:
        "select id, submit_time from job where \(range("submit_time")) order by submit_time limit \(limit)"
      case .otherJobs:
        // SQLite keeps the order of a cross join: from the pushes that are old to their jobs.
        """
        select j.id, p.push_time from push p cross join job j
        where \(range("p.push_time")) and j.push_id = p.id and j.submit_time is null
        order by p.push_time limit \(limit)
        """
      case .pushes:
        """
        select p.id, p.push_time from push p
        where \(range("p.push_time")) and not exists (select 1 from job j where j.push_id = p.id)
        order by p.push_time limit \(limit)
        """
      case .supersessions:
        """
        select guid, noted_time from supersession where \(range("noted_time")) order by noted_time limit \(limit)
        """
      }
    return SQLStatement(text, [.integer("from_time"), .integer("to_time")])
  }

  /// What a search found.
  func candidates(
    in session: any SQLSession, since: Int64, before: Int64, limit: Int
  ) throws -> (keys: SQLColumn, last: Int64?) {
    let rows = try session.run(search(limit: limit), [.integers([since]), .integers([before])])
    let last = try rows.last?.integer(1)
    return self == .supersessions
      ? (.texts(try rows.map { try $0.text(0) }), last) : (.integers(try rows.map { try $0.integer(0) }), last)
  }

  private static let deleteJobs = SQLStatement(
    """
    delete from job where id in (
      select j.id from {rows} join job j on j.id = v.id left join push p on p.id = j.push_id
      where coalesce(j.submit_time, p.push_time) < v.to_time)
    returning id
    """, [.integer("id"), .integer("to_time")])
  private static let emptyPushes = SQLStatement(
    """
    select p.id from {rows} join push p on p.id = v.id
    where p.push_time < v.to_time and not exists (select 1 from job j where j.push_id = p.id)
    """, [.integer("id"), .integer("to_time")])
  private static let deleteSupersessions = SQLStatement(
    """
    delete from supersession where guid in (
      select s.guid from {rows} join supersession s on s.guid = v.guid where s.noted_time < v.to_time)
    """, [.text("guid"), .integer("to_time")])

  private static func delete(from table: String, _ column: String, _ rest: String = "") -> SQLStatement {
    SQLStatement("delete from \(table) where \(column) in (select v.id from {rows}) \(rest)", [.integer("id")])
  }

  private static let deleteLogs = delete(from: "job_log", "job_id", "returning id")
  private static let deleteSteps = delete(from: "log_step", "log_id")
  private static let deleteErrors = delete(from: "log_error", "log_id")
  private static let deleteDetails = delete(from: "job_detail", "job_id", "returning job_id")
  private static let deleteArtifacts = delete(from: "artifact", "job_id", "returning job_id")
  private static let deleteRevisions = delete(from: "revision", "push_id")
  private static let deletePushes = delete(from: "push", "id", "returning id")
  /// Everything that deletes by integers, for those who look at plans.
  static let deletions = [
    deleteLogs, deleteSteps, deleteErrors, deleteDetails, deleteArtifacts, deleteRevisions, deletePushes,
  ]

  /// Deletes candidates that are still old.
  func delete(
    _ candidates: SQLColumn, olderThan time: Int64, in session: any SQLSession, _ report: inout ExpiryReport
  ) throws {
    let times = SQLColumn.integers(Array(repeating: time, count: candidates.count))
    func ids(_ statement: SQLStatement, _ columns: SQLColumn...) throws -> SQLColumn {
      .integers(try session.run(statement, columns).map { try $0.integer(0) })
    }
    switch self {
    case .submittedJobs, .otherJobs:
      let jobs = try ids(Self.deleteJobs, candidates, times)
      let logs = try ids(Self.deleteLogs, jobs)
      _ = try session.run(Self.deleteSteps, [logs])
      _ = try session.run(Self.deleteErrors, [logs])
      report.jobs += jobs.count
      report.logs += logs.count
      report.details += try ids(Self.deleteDetails, jobs).count
      report.artifacts += try ids(Self.deleteArtifacts, jobs).count
    case .pushes:
      let pushes = try ids(Self.emptyPushes, candidates, times)
      _ = try session.run(Self.deleteRevisions, [pushes])
      report.pushes += try ids(Self.deletePushes, pushes).count
    case .supersessions:
      _ = try session.run(Self.deleteSupersessions, [candidates, times])
    }
  }
}
