/// PostgreSQL, through libpq.
///
/// One connection writes: batches are large, and two transactions of one process would only wait for each other. A few
/// more read. All are opened when first needed, and again after they were lost.
struct PostgreSQLEngine: SQLEngine {
  /// How often a transaction is run in all where the server gives it up for another one's sake.
  static let attempts = 11

  let dialect = SQLDialect.postgreSQL
  /// Its locks are given in the order in which they were asked for.
  let turn = Duration.zero
  private let url: PostgreSQLURL
  private let writers: PostgreSQLPool
  private let readers: PostgreSQLPool

  /// Does not connect yet.
  ///
  /// - Parameters:
  ///   - writers: how many connections write, at most.
  ///   - readers: how many read, at most.
  init(_ url: PostgreSQLURL, writers: Int = 1, readers: Int = 4) {
    self.url = url
    self.writers = PostgreSQLPool(url, size: writers)
    self.readers = PostgreSQLPool(url, size: readers)
  }

  func write<T: Sendable>(_ work: @Sendable @escaping (any SQLSession) throws -> T) async throws -> T {
    try await run(.write, writers, work)
  }

  func read<T: Sendable>(_ work: @Sendable @escaping (any SQLSession) throws -> T) async throws -> T {
    try await run(.read, readers, work)
  }

  /// What hears notifications; not connected yet.
  func listener(to channel: String) -> PostgreSQLListener { PostgreSQLListener(url, channel: channel) }

  func close() async throws {
    // Both at once: from now on neither takes anything new.
    async let writing: Void = writers.close()
    await readers.close()
    await writing
  }

  private func run<T: Sendable>(
    _ kind: PostgreSQLConnection.Kind, _ pool: PostgreSQLPool, _ work: @Sendable @escaping (any SQLSession) throws -> T
  ) async throws -> T {
    try await pool.lend { connection in
      var attempt = 1
      while true {
        switch try await connection.transaction(kind, work) {
        case .committed(let value): return value
        case .gaveWay(let error):
          guard attempt < Self.attempts else { throw error }
        }
        // The other one is let through first; and two that gave way to each other should not meet again.
        try await Task.sleep(for: .milliseconds(Int.random(in: 1...(10 * attempt))))
        attempt += 1
      }
    }
  }
}
