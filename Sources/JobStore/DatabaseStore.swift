import Foundation

/// A store in a database: SQLite or PostgreSQL. What is stored and how is the same for both.
public final class DatabaseStore: Store {
  let engine: any SQLEngine
  private let references = ReferenceCache()

  init(_ engine: any SQLEngine) { self.engine = engine }

  /// A file of SQLite, opened or made.
  ///
  /// - Throws: ``StoreError`` with code `unavailable`.
  public static func sqlite(path: String) throws(StoreError) -> DatabaseStore {
    DatabaseStore(try SQLiteEngine(path: path))
  }

  /// Runs the migrations that the database has not seen yet.
  @discardableResult public func migrate() async throws -> Migration { try await migrate(Schema.steps) }

  @discardableResult func migrate(_ steps: [String]) async throws -> Migration {
    let migrator = Migrator(dialect: engine.dialect, steps: steps)
    return Migration(from: try await engine.write { try migrator.migrate($0) }, to: steps.count)
  }

  /// Loads a batch in one transaction, see ``Store/load(_:policy:)``.
  public func load(_ batch: [IncomingItem], policy: LoadPolicy) async throws -> LoadReport {
    guard !batch.isEmpty else { return LoadReport(outcomes: []) }
    let result = try await loading(alone: BatchLoader.mustBeAlone(batch), policy) { loader in
      try loader.load(batch)
    }
    references.insert(result.references)
    return result.report
  }

  /// Stores a push, and the jobs that waited for it.
  public func add(_ push: PushRecord) async throws -> (isNew: Bool, released: Int) {
    try await loading(alone: true, LoadPolicy()) { loader in
      let isNew = try loader.add(push)
      return (isNew, loader.released)
    }
  }

  func loading<T: Sendable>(
    alone: Bool, _ policy: LoadPolicy, _ work: @escaping @Sendable (inout BatchLoader) throws -> T
  ) async throws -> T {
    let (engine, known) = (engine, references.snapshot)
    let now = Self.now
    @Sendable func run(alone: Bool) async throws -> T {
      try await engine.write { session in
        var loader = BatchLoader(
          session, dialect: engine.dialect, policy: policy, isAlone: alone, references: known, now: now)
        let value = try work(&loader)
        try ChangeNotes.announce(loader.changedPushes, engine.dialect, in: session)
        return value
      }
    }
    do {
      return try await run(alone: alone)
    } catch is BatchLoader.MustBeAlone {
      return try await run(alone: true)
    }
  }

  /// Milliseconds since 1970-01-01 00:00:00 UTC.
  static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

  /// Finishes what is under way and closes the database.
  public func close() async throws { try await engine.close() }
}
