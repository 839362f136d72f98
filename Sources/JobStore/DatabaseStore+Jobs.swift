extension DatabaseStore {
  /// Jobs, see ``Store/jobs(_:)``.
  ///
  /// First the jobs' own columns, and then what they refer to, each row of it once: many jobs share them, and joining
  /// them would take longer than all the rest.
  public func jobs(_ query: JobQuery) async throws -> RowTable {
    var reading = ReadingStatement()
    reading.add("push.repository_id = \(reading.bind(query.repository))")
    var references: Set<JobField.Reference> = []
    for filter in query.filters {
      let source = filter.field.source
      if let reference = source.reference { references.insert(reference) }
      try reading.add(filter, source.expression, filter.field.kind)
    }
    let (limit, offset) = (reading.bind(Int64(query.count)), reading.bind(Int64(query.offset)))
    let joins = JobField.Reference.allCases.filter(references.contains).map(\.join).joined(separator: " ")
    let statement = reading.statement(
      """
      select \(JobRows.columns) from push join job on job.push_id = push.id \(joins)
      where \(reading.condition) order by push.id, job.id limit \(limit) offset \(offset)
      """)
    return try await engine.read { [reading] session in
      let own = try session.table(statement, reading.columns)
      guard own.count > 0 else { return own }
      return JobRows.rows(own, try session.table(JobRows.references, JobRows.ids(own)))
    }
  }
}
