extension DatabaseStore {
  private static let projectRows = SQLStatement(
    """
    select repository.id, repository.name, repository.is_active, push.id, push.revision, push.author, push.push_time
    from repository left join push on push.id = (
      select latest.id from push latest where latest.repository_id = repository.id
      order by latest.push_time desc, latest.id desc limit 1)
    order by repository.name
    """)

  /// The repositories with their latest pushes, see ``Store/projects(counting:)``.
  public func projects(counting counted: Int) async throws -> [ProjectSummary] {
    try await engine.read { session in
      var repositories: [Int64] = []
      var projects: [ProjectSummary] = []
      for row in try session.run(Self.projectRows) {
        repositories.append(try row.integer(0))
        var project = ProjectSummary(name: try row.text(1), isActive: try row.integer(2) != 0)
        if let push = try row.optionalInteger(3) {
          project.latest = .init(
            id: push, revision: try row.text(4), author: try row.optionalText(5), time: try row.integer(6))
        }
        projects.append(project)
      }
      let byTime = projects.indices.filter { projects[$0].latest != nil }.sorted {
        (projects[$0].latest?.time ?? 0, $1) > (projects[$1].latest?.time ?? 0, $0)
      }
      for index in byTime.prefix(counted) {
        guard let push = projects[index].latest?.id else { continue }
        projects[index].latest?.counts = try Self.jobCounts(ofPush: push, in: repositories[index], session)
      }
      return projects
    }
  }
}
