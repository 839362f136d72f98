/// A connection to a database inside of a transaction; it belongs to whoever was handed it, for that long.
protocol SQLSession: AnyObject {
  /// Runs a statement for every row of a batch and returns what it returned, for all of them.
  ///
  /// Prepared once per connection. Rows that come back need not be in the batch's order.
  ///
  /// - Parameter columns: one for each parameter, in their order, all of one length.
  func run(_ statement: SQLStatement, _ columns: [SQLColumn]) throws -> [SQLRow]

  /// The same with all rows in one piece of memory: for what is only read and passed on.
  func table(_ statement: SQLStatement, _ columns: [SQLColumn]) throws -> RowTable

  /// Runs statements without parameters, separated by semicolons: for the schema.
  func execute(_ script: String) throws
}

extension SQLSession {
  /// Runs a statement without parameters.
  func run(_ statement: SQLStatement) throws -> [SQLRow] { try run(statement, []) }

  /// Runs a statement without parameters.
  func table(_ statement: SQLStatement) throws -> RowTable { try table(statement, []) }
}

/// What differs between the databases in the words of their SQL.
enum SQLDialect: Sendable {
  case sqlite
  case postgreSQL
}

/// A database: how it is reached and how transactions are run. What is asked of it is the same for all.
protocol SQLEngine: Sendable {
  var dialect: SQLDialect { get }

  /// How long somebody with many transactions to write waits after each, so that another process gets its turn.
  var turn: Duration { get }

  /// Runs `work` in a transaction that may write; it is rolled back where `work` throws.
  ///
  /// Where the database gave the transaction up for another one's sake (a deadlock, a serialization failure), it is run
  /// again, some times: `work` must not change anything outside of the database before it returns.
  ///
  /// - Throws: ``StoreError`` with code `unavailable` where the database cannot be reached or failed, and what `work` threw.
  func write<T: Sendable>(_ work: @Sendable @escaping (any SQLSession) throws -> T) async throws -> T

  /// Runs `work` in a transaction that sees one state of the database and does not write.
  func read<T: Sendable>(_ work: @Sendable @escaping (any SQLSession) throws -> T) async throws -> T

  /// Finishes what is under way and closes every connection.
  func close() async throws
}
