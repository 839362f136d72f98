/// Which push a job belongs to: looked up, made, and told to those that waited for it.
struct PushDirectory {
  /// A push as jobs name it.
  struct Name: Hashable, Comparable {
    let repository: Int64
    /// Whole, a prefix that is not ambiguous, or the push's other name.
    let revision: String

    static func < (left: Name, right: Name) -> Bool {
      (left.repository, left.revision) < (right.repository, right.revision)
    }
  }

  let session: any SQLSession

  /// A prefix of a revision sorts right before the revisions that it begins; "g" sorts after every hexadecimal digit.
  private static let find = SQLStatement(
    """
    select v.repository_id, v.revision,
      (select p.id from push p where p.repository_id = v.repository_id and p.revision = v.revision),
      (select min(p.id) from push p
        where p.repository_id = v.repository_id and p.revision >= v.revision and p.revision < v.revision || 'g'),
      (select max(p.id) from push p
        where p.repository_id = v.repository_id and p.revision >= v.revision and p.revision < v.revision || 'g')
    from {rows}
    """, [.integer("repository_id"), .text("revision")])

  private static let findByHash = SQLStatement(
    """
    select v.repository_id, v.revision, min(p.id) from {rows}
    join push p on p.repository_id = v.repository_id and p.revision_hash = v.revision
    group by v.repository_id, v.revision
    """, [.integer("repository_id"), .text("revision")])

  private static let insert = SQLStatement.insert(
    into: "push", [.integer("repository_id"), .text("revision"), .integer("push_time")],
    "on conflict (repository_id, revision) do nothing")

  /// The ids of pushes; none for one that is not known or not told apart from another one.
  ///
  /// - Returns: also those whose names are beginnings of several revisions: no push can be made of them.
  func find(_ names: [Name]) throws -> (ids: [Name: Int64], ambiguous: Set<Name>) {
    guard !names.isEmpty else { return ([:], []) }
    var ids: [Name: Int64] = [:]
    var ambiguous: Set<Name> = []
    let rows = try session.run(
      Self.find, [.integers(names.map(\.repository)), .texts(names.map(\.revision))])
    for row in rows {
      let name = Name(repository: try row.integer(0), revision: try row.text(1))
      let (exact, first, last) = try (row.optionalInteger(2), row.optionalInteger(3), row.optionalInteger(4))
      if let id = exact ?? (first == last ? first : nil) {
        ids[name] = id
      } else if first != nil {
        ambiguous.insert(name)
      }
    }
    let rest = names.filter { ids[$0] == nil && !ambiguous.contains($0) }
    if !rest.isEmpty {
      for row in try session.run(
        Self.findByHash, [.integers(rest.map(\.repository)), .texts(rest.map(\.revision))])
      {
        ids[Name(repository: try row.integer(0), revision: try row.text(1))] = try row.integer(2)
      }
    }
    return (ids, ambiguous)
  }

  /// Makes pushes that are not there.
  func make(_ names: [Name], time: Int64) throws {
    let names = names.sorted()
    _ = try session.run(
      Self.insert,
      [
        .integers(names.map(\.repository)), .texts(names.map(\.revision)), .integers(names.map { _ in time }),
      ])
  }
}
