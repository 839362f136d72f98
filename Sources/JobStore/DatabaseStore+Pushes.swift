extension DatabaseStore {
  private static let revisionRows = SQLStatement(
    """
    select revision.push_id, revision.revision, revision.author, revision.comments
    from {rows} join revision on revision.push_id = v.push_id and revision.position < v.maximum
    order by revision.push_id, revision.position
    """, [.integer("push_id"), .integer("maximum")])

  /// Pushes, see ``Store/pushes(_:)``.
  public func pushes(_ query: PushQuery) async throws -> PushPage {
    var reading = ReadingStatement()
    let repository = reading.bind(query.repository)
    reading.add("push.repository_id = \(repository)")
    for filter in query.filters { try reading.add(filter, filter.field.expression, filter.field.kind) }
    // What a revision begins with sorts right before it; "g" sorts after every hexadecimal digit.
    if let revision = query.revision {
      let value = reading.bind(revision)
      reading.add("push.revision >= \(value) and push.revision < \(value) || 'g'")
    }
    for (revision, symbol) in [(query.fromRevision, ">="), (query.toRevision, "<=")] {
      guard let revision else { continue }
      let value = reading.bind(revision)
      reading.add(
        """
        push.push_time \(symbol) (select other.push_time from push other where other.repository_id = \(repository) \
        and other.revision >= \(value) and other.revision < \(value) || 'g' order by other.revision limit 1)
        """)
    }
    if let before = query.before {
      let value = reading.bind(before)
      reading.add(
        """
        (push.push_time, push.id) < (select other.push_time, other.id from push other \
        where other.repository_id = \(repository) and other.id = \(value))
        """)
    }
    let (limit, offset) = (reading.bind(Int64(query.count)), reading.bind(Int64(query.offset)))
    let statement = reading.statement(
      """
      select push.id, push.repository_id, push.author, push.revision, push.push_time,
        (select count(*) from revision where revision.push_id = push.id)
      from push where \(reading.condition) order by push.push_time desc, push.id desc limit \(limit) offset \(offset)
      """)
    return try await engine.read { [reading] session in
      let pushes = try session.table(statement, reading.columns)
      let ids = (0..<pushes.count).map { pushes.integer($0, PushPage.PushColumn.id) }
      let maximum = ids.map { _ in Int64(query.revisions) as Int64? }
      let revisions =
        query.revisions == 0 || ids.isEmpty
        ? RowTable() : try session.table(Self.revisionRows, [.integers(ids), .integers(maximum)])
      return PushPage(pushes: pushes, revisions: revisions)
    }
  }

  private static let statusRows = SQLStatement(
    """
    select job.state, job.result, count(*) from push join job on job.push_id = push.id
    where push.repository_id = {repository} and push.id = {push} group by job.state, job.result
    order by job.state, job.result
    """, [.integer("repository"), .integer("push")])

  /// Jobs of a push counted, see ``Store/jobCounts(ofPush:in:)``.
  public func jobCounts(ofPush push: Int64, in repository: Int64) async throws -> [PushSummary.Count] {
    try await engine.read { try Self.jobCounts(ofPush: push, in: repository, $0) }
  }

  static func jobCounts(
    ofPush push: Int64, in repository: Int64, _ session: any SQLSession
  ) throws -> [PushSummary.Count] {
    try session.run(Self.statusRows, [.integers([repository]), .integers([push])]).compactMap { row in
      guard let state = JobRecord.State(rawValue: Int(try row.integer(0))) else { return nil }
      return PushSummary.Count(state: state, result: try row.text(1), jobs: Int(try row.integer(2)))
    }
  }
}
