import HTTPTypes

/// Work that is given up when it takes too long.
enum TimeLimit {
  /// Runs `work`, and cancels it after `limit`.
  ///
  /// SQLite ends a query that is cancelled at once; one of PostgreSQL is waited for.
  ///
  /// - Throws: ``WebError`` with status 503 after that time, and what `work` throws.
  static func run<Value: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
      group.addTask { try await work() }
      group.addTask {
        try await Task.sleep(for: limit)
        return nil
      }
      defer { group.cancelAll() }
      guard let first = try await group.next(), let value = first else {
        throw WebError(.serviceUnavailable, .detail("The answer takes too long: ask for less."))
      }
      return value
    }
  }
}
