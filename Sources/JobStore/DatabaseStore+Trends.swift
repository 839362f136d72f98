extension DatabaseStore {
  // The window's pushes, the latest first, with their jobs counted by the index alone.
  private static let windowPushes = SQLStatement(
    """
    select push.id, push.push_time,
      (select count(*) from (select 1 from job where job.push_id = push.id limit {maximum}) as counted)
    from push where push.repository_id = {repository} and push.push_time >= {begin}
      and (push.push_time, push.id) < ({time}, {id})
    order by push.push_time desc, push.id desc limit 500
    """,
    [.integer("repository"), .integer("begin"), .integer("time"), .integer("id"), .integer("maximum")])

  // The jobs of the pushes from one on; the columns are those of the tally.
  private static let windowJobs = SQLStatement(
    """
    select job.job_type_id, job.state, job.result, job.start_time, job.end_time,
      coalesce(job.end_time, job.start_time, job.submit_time), push.push_time, job.last_modified
    from push join job on job.push_id = push.id
    where push.repository_id = {repository} and (push.push_time, push.id) >= ({time}, {id})
      and push.push_time < {end}
    limit {maximum}
    """,
    [.integer("repository"), .integer("end"), .integer("time"), .integer("id"), .integer("maximum")])

  private static let typeRows = SQLStatement(
    "select n.id, n.symbol, n.name from {rows} join job_type n on n.id = v.id", [.integer("id")])

  /// What became of a repository's jobs, see ``Store/trends(_:)``.
  public func trends(_ query: TrendsQuery) async throws -> JobTrends {
    try await engine.read { session in
      var trends = JobTrends()
      guard let oldest = try Self.oldestPush(query, &trends, session) else { return trends }
      let rows = try session.table(
        Self.windowJobs,
        [query.repository, query.end, oldest.time, oldest.id, Int64(query.maximumJobs)].map { .integers([$0]) })
      var tally = TrendsTally(query)
      for row in 0..<rows.count { tally.add(row, of: rows) }
      tally.tell(&trends)
      let types = Set(trends.failures.map(\.type) + trends.durations.map(\.type)).sorted()
      guard !types.isEmpty else { return trends }
      for row in try session.run(Self.typeRows, [.integers(types)]) {
        let id = try row.integer(0)
        trends.types[id] = .init(id: id, symbol: try row.text(1), name: try row.text(2))
      }
      return trends
    }
  }

  /// Goes back through the window's pushes as far as they have no more jobs than asked for.
  ///
  /// Counting them is cheap, and however many jobs there are, no more than that are ever read.
  private static func oldestPush(
    _ query: TrendsQuery, _ trends: inout JobTrends, _ session: any SQLSession
  ) throws -> (time: Int64, id: Int64)? {
    var oldest: (time: Int64, id: Int64)?
    var next = (time: query.end, id: Int64.min)
    var jobs = 0
    while true {
      let rows = try session.run(
        windowPushes,
        [query.repository, query.begin, next.time, next.id, Int64(query.maximumJobs) + 1].map { .integers([$0]) })
      for row in rows {
        next = (try row.integer(1), try row.integer(0))
        jobs += Int(try row.integer(2))
        guard jobs <= query.maximumJobs, trends.pushes < query.maximumJobs else {
          // The latest push alone may have more: then some of its jobs are better than none.
          if oldest == nil {
            oldest = next
            trends.pushes = 1
          }
          trends.cutAt = oldest?.time
          return oldest
        }
        oldest = next
        trends.pushes += 1
      }
      if rows.isEmpty { return oldest }
    }
  }
}
