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
    let version = Int(try session.run(Self.version).first?.optionalInteger(0) ?? 0)
    guard version <= steps.count else { throw newer(version) }
    for step in steps[version...] { try session.execute(dialect.script(step)) }
    if version < steps.count {
      try session.execute("delete from schema_version; insert into schema_version (version) values (\(steps.count))")
    }
    return version
  }

  /// Asks for the version that a store is at.
  static let version = SQLStatement("select max(version) from schema_version")

  /// The version that a store is at, 0 for a database in which nobody made one; nothing is written.
  ///
  /// - Throws: ``StoreError`` with code `newer`, as ``migrate(_:)``.
  func version(_ session: any SQLSession) throws -> Int {
    guard try session.run(dialect.versionTable).first?.integer(0) == 1 else { return 0 }
    let version = Int(try session.run(Self.version).first?.optionalInteger(0) ?? 0)
    guard version <= steps.count else { throw newer(version) }
    return version
  }

  private func newer(_ version: Int) -> StoreError {
    StoreError(
      .newer,
      "the store was written by a later version of drover (\(version), this one knows \(steps.count)): use that one")
  }
}

extension SQLDialect {
  /// Asks whether there is the table of the version: 1 or 0.
  fileprivate var versionTable: SQLStatement {
    switch self {
    case .sqlite: SQLStatement("select count(*) from sqlite_schema where type = 'table' and name = 'schema_version'")
    case .postgreSQL: SQLStatement("select case when to_regclass('schema_version') is null then 0 else 1 end")
    }
  }
}

/// Numbers of PostgreSQL's advisory locks; SQLite has one writer at a time and needs none.
enum StoreLock {
  /// Held while the schema is changed. The numbers are drover's name in ASCII, and a count.
  static let migration: Int64 = 0x64_726F_7665_7201
  /// Held shared by every batch, and alone by one that changes what others must not miss: a push made or
  /// deleted, jobs superseded or deleted.
  static let loading: Int64 = 0x64_726F_7665_7202

  /// Takes the lock of ``loading`` until the transaction's end.
  static func lockLoading(alone: Bool, _ dialect: SQLDialect, _ session: any SQLSession) throws {
    guard dialect == .postgreSQL else { return }
    let function = alone ? "pg_advisory_xact_lock" : "pg_advisory_xact_lock_shared"
    _ = try session.run(SQLStatement("select 1 from \(function)(\(loading))"))
  }
}
