extension DatabaseStore {
  private static let jobRows = SQLStatement(
    """
    select \(JobField.allCases.map(\.source.expression).joined(separator: ", "))
    from {rows} join job on job.id = v.id \(JobField.Reference.allCases.map(\.rawValue).joined(separator: " "))
    order by v.position
    """, [.integer("id"), .integer("position")])

  /// Jobs, see ``Store/jobs(_:)``.
  ///
  /// In two steps: which ones, by what was asked for alone, and then all of their fields by key, with a statement that
  /// is always the same.
  public func jobs(_ query: JobQuery) async throws -> RowTable {
    var reading = ReadingStatement()
    reading.add("push.repository_id = \(reading.bind(query.repository))")
    var references: Set<JobField.Reference> = []
    for filter in query.filters {
      let (expression, reference) = filter.field.source
      if let reference { references.insert(reference) }
      try reading.add(filter, expression, filter.field.kind)
    }
    let (limit, offset) = (reading.bind(Int64(query.count)), reading.bind(Int64(query.offset)))
    let joins = JobField.Reference.allCases.filter(references.contains).map(\.rawValue).joined(separator: " ")
    let statement = reading.statement(
      """
      select job.id from push join job on job.push_id = push.id \(joins)
      where \(reading.condition) order by push.id, job.id limit \(limit) offset \(offset)
      """)
    return try await engine.read { [reading] session in
      let found = try session.table(statement, reading.columns)
      let ids = (0..<found.count).map { found.integer($0, 0) }
      return try session.table(Self.jobRows, [.integers(ids), .integers(ids.indices.map { Int64($0) })])
    }
  }
}
