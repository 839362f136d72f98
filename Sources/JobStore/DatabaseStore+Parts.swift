extension DatabaseStore {
  /// What belongs to jobs, see ``Store/parts(_:_:)``.
  public func parts(_ part: JobPart, _ query: PartQuery) async throws -> RowTable {
    var reading = ReadingStatement()
    if let repository = query.repository { reading.add("push.repository_id = \(reading.bind(repository))") }
    for filter in query.filters {
      guard let expression = part.expression(filter.field) else {
        throw StoreError(.failed, "there is no \(filter.field.rawValue) to ask for")
      }
      try reading.add(filter, expression, filter.field.kind)
    }
    let (limit, offset) = (reading.bind(Int64(query.count)), reading.bind(Int64(query.offset)))
    let statement = reading.statement(
      """
      select part.id, part.job_id, job.guid, \(part.columns)
      from \(part.table) part join job on job.id = part.job_id join push on push.id = job.push_id
      where \(reading.condition) order by part.id limit \(limit) offset \(offset)
      """)
    return try await engine.read { [reading] in try $0.table(statement, reading.columns) }
  }

  private static let stepRows = SQLStatement(
    """
    select log_step.log_id, log_step.position, log_step.name, log_step.result, log_step.started_time,
      log_step.finished_time, log_step.first_line, log_step.last_line
    from job_log join log_step on log_step.log_id = job_log.id
    where job_log.job_id = {job} order by log_step.log_id, log_step.position
    """, [.integer("job")])
  private static let errorRows = SQLStatement(
    """
    select log_error.log_id, log_error.step, log_error.position, log_error.line_number, log_error.line
    from job_log join log_error on log_error.log_id = job_log.id
    where job_log.job_id = {job} order by log_error.log_id, log_error.step, log_error.position
    """, [.integer("job")])

  /// The steps of a job's logs, see ``Store/steps(ofJob:)``.
  public func steps(ofJob job: Int64) async throws -> JobSteps {
    try await engine.read { session in
      JobSteps(
        steps: try session.table(Self.stepRows, [.integers([job])]),
        errors: try session.table(Self.errorRows, [.integers([job])]))
    }
  }
}
