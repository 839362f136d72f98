extension DatabaseStore {
  private static let summaries = SQLStatement(
    """
    select push.id, repository.name, push.revision, job.state, job.result, count(job.id)
    from push join repository on repository.id = push.repository_id left join job on job.push_id = push.id
    group by push.id, repository.name, push.revision, job.state, job.result
    order by push.id, job.state, job.result
    """)

  /// The pushes with their jobs counted.
  public func pushSummaries() async throws -> [PushSummary] {
    try await engine.read { session in
      var summaries: [PushSummary] = []
      var last: Int64?
      for row in try session.run(Self.summaries) {
        let id = try row.integer(0)
        if id != last {
          summaries.append(PushSummary(repository: try row.text(1), revision: try row.text(2), counts: []))
          last = id
        }
        guard let state = try row.optionalInteger(3).flatMap({ JobRecord.State(rawValue: Int($0)) }) else { continue }
        summaries[summaries.count - 1].counts.append(
          .init(state: state, result: try row.text(4), jobs: Int(try row.integer(5))))
      }
      return summaries
    }
  }

  /// How much there is of everything.
  public func counts() async throws -> StoreCounts {
    try await engine.read { [engine] session in
      func count(_ table: String) throws -> Int {
        Int(try session.run(SQLStatement("select count(*) from \(table)")).first?.integer(0) ?? 0)
      }
      return try StoreCounts(
        repositories: count("repository"), pushes: count("push"), jobs: count("job"), logs: count("job_log"),
        steps: count("log_step"), errors: count("log_error"), details: count("job_detail"),
        artifacts: count("artifact"), awaitedSummaries: count(LogWorkQueue.summaries),
        awaitedSuggestions: Int(session.run(LogWorkQueue.countSuggestions).first?.integer(0) ?? 0),
        waiting: count("waiting_job"), rejected: count("rejected_message"),
        schemaVersion: Int(session.run(Migrator.version).first?.optionalInteger(0) ?? 0),
        size: Int(session.run(engine.dialect.size).first?.integer(0) ?? 0))
    }
  }

  // MARK: Bindings

  private static let bindings = SQLStatement(
    "select b.exchange, b.routing_key from {rows} join binding b on b.queue = v.queue", [.text("queue")])
  private static let deleteBindings = SQLStatement(
    "delete from binding where queue in (select v.queue from {rows})", [.text("queue")])
  private static let insertBindings = SQLStatement.insert(
    into: "binding", [.text("queue"), .text("exchange"), .text("routing_key")], "on conflict do nothing")

  /// The bindings recorded for `queue`.
  public func bindings(of queue: String) async throws -> Set<BindingRecord> {
    try await engine.read { session in
      Set(
        try session.run(Self.bindings, [.texts([queue])]).map { row in
          BindingRecord(exchange: try row.text(0), routingKey: try row.text(1))
        })
    }
  }

  /// Replaces the bindings recorded for `queue`.
  public func record(_ bindings: Set<BindingRecord>, of queue: String) async throws {
    try await engine.write { session in
      _ = try session.run(Self.deleteBindings, [.texts([queue])])
      let bindings = bindings.sorted { ($0.exchange, $0.routingKey) < ($1.exchange, $1.routingKey) }
      _ = try session.run(
        Self.insertBindings,
        [
          .texts(bindings.map { _ in queue }), .texts(bindings.map(\.exchange)), .texts(bindings.map(\.routingKey)),
        ])
    }
  }

  // MARK: Repositories

  /// The repositories, by name.
  public func repositories() async throws -> [RepositoryRecord] {
    try await engine.read { session in
      try session.run(SQLStatement("select name, is_active from repository order by name")).map { row in
        RepositoryRecord(name: try row.text(0), isActive: try row.integer(1) != 0)
      }
    }
  }

  private static let setRepository = SQLStatement.insert(
    into: "repository", [.text("name"), .integer("is_active")],
    "on conflict (name) do update set is_active = excluded.is_active")

  /// Makes a repository, or says of one that is there whether its jobs are stored.
  public func setRepository(_ name: String, isActive: Bool) async throws {
    try await engine.write { session in
      _ = try session.run(Self.setRepository, [.texts([name]), .integers([isActive ? 1 : 0])])
    }
  }

  private static let addRepositories = SQLStatement.insert(
    into: "repository", [.text("name")], "on conflict (name) do nothing returning name")
  private static let changeRepositories = SQLStatement(
    "update repository set is_active = v.wanted from {rows} where name = v.repository returning name",
    [.text("repository"), .integer("wanted")])

  /// Makes repositories, see ``Store/addRepositories(_:)``.
  public func addRepositories(_ names: [String]) async throws -> Set<String> {
    let names = Set(names).sorted()
    return try await engine.write { session in
      Set(try session.run(Self.addRepositories, [.texts(names)]).map { try $0.text(0) })
    }
  }

  /// Changes repositories, see ``Store/setRepositories(_:isActive:)``.
  public func setRepositories(_ names: [String], isActive: Bool) async throws -> Set<String> {
    let names = Set(names).sorted()
    return try await engine.write { session in
      let wanted = SQLColumn.integers(names.map { _ in isActive ? 1 : 0 })
      return Set(try session.run(Self.changeRepositories, [.texts(names), wanted]).map { try $0.text(0) })
    }
  }
}

extension SQLDialect {
  /// Asks for the database's size in bytes.
  fileprivate var size: SQLStatement {
    switch self {
    case .sqlite:
      SQLStatement("select c.page_count * s.page_size from pragma_page_count() c, pragma_page_size() s")
    case .postgreSQL: SQLStatement("select pg_database_size(current_database())")
    }
  }
}
