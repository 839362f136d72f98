/// What is submitted over HTTP: pushes with their revisions, and what is somebody's to change.
extension BatchLoader {
  // MARK: Pushes

  private static let insertPush = SQLStatement.insert(
    into: "push",
    [
      .integer("repository_id"), .text("revision"), .text("revision_hash"), .text("author"), .integer("push_time"),
    ],
    """
    on conflict (repository_id, revision) do update
    set revision_hash = coalesce(excluded.revision_hash, push.revision_hash),
      author = coalesce(excluded.author, push.author), push_time = excluded.push_time
    """)
  /// A push that was made from a job which named it by the first twelve digits of its revision has the whole one now.
  private static let lengthen = SQLStatement(
    """
    update push set revision = v.revision from {rows}
    where push.repository_id = v.repository_id and push.revision = substr(v.revision, 1, 12)
      and length(v.revision) > 12 and push.author is null and push.revision_hash is null
      and not exists (
        select 1 from push p where p.repository_id = v.repository_id and p.revision = v.revision)
    """, [.integer("repository_id"), .text("revision")])
  private static let findPush = SQLStatement(
    """
    select p.id, v.repository_id, v.revision from {rows}
    join push p on p.repository_id = v.repository_id and p.revision = v.revision
    """, [.integer("repository_id"), .text("revision")])
  private static let deleteRevisions = SQLStatement(
    "delete from revision where push_id in (select v.id from {rows})", [.integer("id")])
  private static let insertRevision = SQLStatement.insert(
    into: "revision",
    [.integer("push_id"), .integer("position"), .text("revision"), .text("author"), .text("comments")], "")

  /// Stores pushes with their revisions, and the jobs that waited for them.
  ///
  /// - Returns: the pushes' ids, in the order of `pushes`, and which of them were not there.
  mutating func add(_ pushes: [PushRecord]) throws -> (ids: [Int64], new: Set<Int64>) {
    guard !pushes.isEmpty else { return ([], []) }
    try lock()
    try references.resolve(
      Set(pushes.map(\.repository)).map { .init(table: .repository, first: $0) }, in: session)
    let names = try pushes.map { push in
      guard let repository = references[.repository, push.repository] else {
        throw StoreError(.unavailable, "a repository that was just made cannot be found")
      }
      return PushDirectory.Name(repository: repository, revision: push.revision)
    }
    // Of two of one name the later one counts.
    var last: [PushDirectory.Name: Int] = [:]
    for (index, name) in names.enumerated() { last[name] = index }
    let entries = last.sorted { $0.key < $1.key }
    let repositories = SQLColumn.integers(entries.map(\.key.repository))
    let revisions = SQLColumn.texts(entries.map(\.key.revision))
    _ = try session.run(Self.lengthen, [repositories, revisions])
    let before = try ids(of: entries.map(\.key))
    _ = try session.run(
      Self.insertPush,
      [
        repositories, revisions, .texts(entries.map { pushes[$0.value].revisionHash }),
        .texts(entries.map { pushes[$0.value].author }), .integers(entries.map { pushes[$0.value].pushTime }),
      ])
    let ids = try ids(of: entries.map(\.key))
    try storeRevisions(
      entries.compactMap { entry in ids[entry.key].map { ($0, pushes[entry.value].revisions) } })
    try releaseWaiting(for: entries.map(\.key))
    changedPushes.formUnion(ids.values)
    return (
      try names.map { name in
        guard let id = ids[name] else {
          throw StoreError(.unavailable, "a push that was just stored cannot be found")
        }
        return id
      }, Set(ids.values).subtracting(before.values)
    )
  }

  private func ids(of names: [PushDirectory.Name]) throws -> [PushDirectory.Name: Int64] {
    var ids: [PushDirectory.Name: Int64] = [:]
    let columns: [SQLColumn] = [.integers(names.map(\.repository)), .texts(names.map(\.revision))]
    for row in try session.run(Self.findPush, columns) {
      ids[.init(repository: try row.integer(1), revision: try row.text(2))] = try row.integer(0)
    }
    return ids
  }

  /// Replaces the revisions of pushes that come with some.
  private func storeRevisions(_ pushes: [(id: Int64, revisions: [PushRecord.Revision])]) throws {
    let pushes = pushes.filter { !$0.revisions.isEmpty }
    guard !pushes.isEmpty else { return }
    _ = try session.run(Self.deleteRevisions, [.integers(pushes.map(\.id))])
    let rows = pushes.flatMap { push in
      push.revisions.enumerated().map { (push: push.id, position: Int64($0.offset), revision: $0.element) }
    }
    _ = try session.run(
      Self.insertRevision,
      [
        .integers(rows.map(\.push)), .integers(rows.map(\.position)), .texts(rows.map(\.revision.revision)),
        .texts(rows.map(\.revision.author)), .texts(rows.map(\.revision.comment)),
      ])
  }

  // MARK: Jobs

  private static let foreignJobs = SQLStatement(
    """
    select j.guid from {rows} join job j on j.guid = v.guid join push p on p.id = j.push_id
    join repository r on r.id = p.repository_id where r.name <> v.repository
    """, [.text("guid"), .text("repository")])

  /// The guids among those that jobs have, or did the work of, which are jobs of other repositories.
  func foreignJobs(_ batch: [IncomingItem], _ repository: String) throws -> [String] {
    var guids: Set<String> = []
    for case .job(let record) in batch.lazy.map(\.content) {
      guids.insert(record.guid)
      guids.formUnion(record.superseded)
    }
    guard !guids.isEmpty else { return [] }
    let rows = try session.run(Self.foreignJobs, [.texts(guids.sorted()), .texts(guids.map { _ in repository })])
    return try rows.map { try $0.text(0) }.sorted()
  }

  // MARK: Artifacts

  private static let findJobs = SQLStatement(
    """
    select j.id, j.guid, j.message_state, j.push_id from {rows} join job j on j.guid = v.guid join push p on p.id = j.push_id
    join repository r on r.id = p.repository_id where r.name = v.repository
    """, [.text("guid"), .text("repository")])

  /// Attaches artifacts to jobs of `repository`; where one of the jobs is not there, nothing.
  mutating func attach(_ artifacts: [AttachedArtifact], to repository: String) throws -> SubmissionOutcome {
    try lock()
    let guids = Set(artifacts.map(\.jobGUID)).sorted()
    var jobs: [String: (id: Int64, state: JobRecord.State)] = [:]
    var pushes: [Int64: Int64] = [:]
    for row in try session.run(Self.findJobs, [.texts(guids), .texts(guids.map { _ in repository })]) {
      let state = JobRecord.State(rawValue: Int(try row.integer(2))) ?? .completed
      jobs[try row.text(1)] = (try row.integer(0), state)
      pushes[try row.integer(0)] = try row.integer(3)
    }
    let missing = guids.filter { jobs[$0] == nil }
    guard missing.isEmpty else { return .refused(guids: missing) }
    var parts = JobParts([], of: UnsafeBufferPointer(start: nil, count: 0), in: session)
    try parts.store(artifacts.compactMap { entry in jobs[entry.jobGUID].map { ($0.id, $0.state, entry.artifact) } })
    try parts.store(
      artifacts.flatMap { entry in
        entry.details.compactMap { detail in jobs[entry.jobGUID].map { (job: $0.id, detail: detail) } }
      })
    let news = parts.news.sorted()
    changedPushes.formUnion(news.compactMap { pushes[$0] })
    _ = try session.run(JobRound.touch, [.integers(news), .integers(news.map { _ in now })])
    return .stored(
      LoadReport(
        outcomes: artifacts.map { entry in
          jobs[entry.jobGUID].map { parts.news.contains($0.id) } == true ? .stored : .duplicate
        }))
  }
}
