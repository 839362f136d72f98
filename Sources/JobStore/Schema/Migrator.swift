/// Brings a store's schema up to this program's, step by step and only forward.
struct Migrator {
  let dialect: SQLDialect
  let steps: [String]

  /// Runs the steps that the store has not seen yet; returns the version that it was at.
  ///
  /// Several processes may start at once: one of them runs the steps while the others wait.
  ///
  /// - Throws: ``StoreError`` with code `newer` where the store has seen more steps than this program knows.
  @discardableResult
  func migrate(_ session: any SQLSession) throws -> Int {
    if dialect == .postgreSQL {
      _ = try session.run(SQLStatement("select 1 from pg_advisory_xact_lock(\(StoreLock.migration))"))
    }
    try session.execute("create table if not exists schema_version (version bigint not null)")
    let found = try session.run(SQLStatement("select max(version) from schema_version"))
    let version = Int(try found.first?.optionalInteger(0) ?? 0)
    guard version <= steps.count else {
      throw StoreError(
        .newer,
        "the store was written by a later version of drover (\(version), this one knows \(steps.count)): use that one")
    }
    for step in steps[version...] { try session.execute(dialect.script(step)) }
    if version < steps.count {
      try session.execute("delete from schema_version; insert into schema_version (version) values (\(steps.count))")
    }
    return version
  }
}

/// Numbers of PostgreSQL's advisory locks; SQLite has one writer at a time and needs none.
enum StoreLock {
  /// Held while the schema is changed. The numbers are drover's name in ASCII, and a count.
  static let migration: Int64 = 0x64_726F_7665_7201
  /// Held shared by every batch, and alone by one that changes what others must not miss: a push made, jobs superseded.
  static let loading: Int64 = 0x64_726F_7665_7202
}
