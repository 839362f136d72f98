extension DatabaseStore {
  private static let repositoryNumber = SQLStatement(
    "select id from repository where name = {name}", [.text("name")])

  /// A repository's number, see ``Store/repositoryID(_:)``.
  public func repositoryID(_ name: String) async throws -> Int64? {
    try await engine.read { session in
      try session.run(Self.repositoryNumber, [.texts([name.withoutNull])]).first?.integer(0)
    }
  }

  /// A list of what jobs refer to, see ``Store/list(_:)``.
  public func list(_ list: ReferenceList) async throws -> RowTable {
    try await engine.read { try $0.table(list.statement) }
  }
}
