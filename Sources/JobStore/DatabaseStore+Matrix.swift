extension DatabaseStore {
  // Push by push, so that the limit holds for each of them.
  private static let matrixRows = SQLStatement(
    """
    select job.id, job.state, job.result, coalesce(job.tier, 1), job.job_type_id, job.job_group_id,
      job.job_group_name_id, coalesce(job.machine_platform_id, job.build_platform_id), job.option_collection_id
    from push join job on job.push_id = push.id
    where push.id = {push} and push.repository_id = {repository} order by job.id limit {maximum}
    """, [.integer("push"), .integer("repository"), .integer("maximum")])

  private static func names(_ columns: String, of table: String) -> SQLStatement {
    SQLStatement("select n.id, \(columns) from {rows} join \(table) n on n.id = v.id", [.integer("id")])
  }

  private static let typeNames = names("n.symbol, n.name", of: "job_type")
  private static let groupSymbols = names("n.symbol", of: "job_group")
  private static let groupNames = names("n.name", of: "job_group_name")
  private static let platformNames = names("n.platform", of: "platform")
  private static let optionNames = names("n.options", of: "option_collection")

  /// The jobs of pushes for a table of them, see ``Store/matrix(ofPushes:in:maximum:)``.
  public func matrix(ofPushes pushes: [Int64], in repository: Int64, maximum: Int) async throws -> JobMatrix {
    try await engine.read { session in
      var jobs: [Int64: RowTable] = [:]
      for push in pushes {
        let rows = try session.table(
          Self.matrixRows, [.integers([push]), .integers([repository]), .integers([Int64(maximum)])])
        if rows.count > 0 { jobs[push] = rows }
      }
      func table(_ statement: SQLStatement, _ column: JobMatrix.JobColumn) throws -> RowTable {
        var ids: Set<Int64> = []
        for rows in jobs.values {
          for row in 0..<rows.count { if let id = rows.integer(row, column) { ids.insert(id) } }
        }
        return ids.isEmpty ? RowTable() : try session.table(statement, [.integers(ids.sorted())])
      }
      return JobMatrix(
        jobs: jobs, types: try table(Self.typeNames, .typeID), groups: try table(Self.groupSymbols, .groupID),
        groupNames: try table(Self.groupNames, .groupNameID), platforms: try table(Self.platformNames, .platformID),
        options: try table(Self.optionNames, .optionsID))
    }
  }

  private static let historyRows = SQLStatement(
    """
    select job.id, near.id, near.revision, near.push_time, job.state, job.result, job.start_time, job.end_time
    from (
      select push.id, push.revision, push.push_time
      from job this join push own on own.id = this.push_id
      join push on push.repository_id = own.repository_id
        and (push.push_time, push.id) <= (own.push_time, own.id)
      where this.id = {job} and own.repository_id = {repository}
      order by push.push_time desc, push.id desc limit {pushes}
    ) near
    join job on job.push_id = near.id
    where job.signature_id = (select signature_id from job where id = {job}) and job.id <> {job}
    order by near.push_time desc, near.id desc, job.id desc limit {count}
    """, [.integer("job"), .integer("repository"), .integer("pushes"), .integer("count")])

  /// Jobs of the same signature, see ``Store/history(_:)``.
  public func history(_ query: HistoryQuery) async throws -> RowTable {
    try await engine.read { session in
      try session.table(
        Self.historyRows,
        [
          .integers([query.job]), .integers([query.repository]), .integers([Int64(query.pushes)]),
          .integers([Int64(query.count)]),
        ])
    }
  }

  private static let errorLines = SQLStatement(
    """
    select log_error.log_id, log_error.step, log_error.position, log_error.line_number, log_error.line
    from job_log join log_error on log_error.log_id = job_log.id
    where job_log.job_id = {job} order by log_error.log_id, log_error.step, log_error.position limit {count}
    """, [.integer("job"), .integer("count")])

  /// Lines of a job's logs, see ``Store/errorLines(ofJob:count:)``.
  public func errorLines(ofJob job: Int64, count: Int) async throws -> RowTable {
    try await engine.read { try $0.table(Self.errorLines, [.integers([job]), .integers([Int64(count)])]) }
  }
}
