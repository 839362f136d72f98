import Support

@testable import JobStore

/// A database of a test's own on the shared server, with one table.
struct TestDatabase {
  static let table =
    "create table thing (id bigint primary key, word text, content bytea, number integer, flag boolean)"

  let engine: PostgreSQLEngine

  /// - Parameter server: the shared one, unless said otherwise.
  init(_ server: PrivatePostgreSQL? = nil) async throws {
    let server = if let server { server } else { try await PrivatePostgreSQL.shared() }
    engine = PostgreSQLEngine(try PostgreSQLURL(try await server.makeDatabase()))
    try await engine.write { try $0.execute(Self.table) }
  }

  /// Inserts a batch of ids and words.
  static let insert = SQLStatement.insert(into: "thing", [.integer("id"), .text("word")], "returning id")

  /// Changes the words of a batch of ids.
  static let upsert = SQLStatement.insert(
    into: "thing", [.integer("id"), .text("word")],
    """
    on conflict (id) do update set word = excluded.word where thing.word is distinct from excluded.word
    returning id, word
    """)

  /// How many things there are.
  func count() async throws -> Int64 {
    try await engine.read { try $0.run(SQLStatement("select count(*) from thing"))[0].integer(0) }
  }
}
