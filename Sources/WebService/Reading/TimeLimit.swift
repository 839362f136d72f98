import HTTPTypes

/// Work that is given up when it takes too long.
enum TimeLimit {
  /// Runs `work`, and cancels it after `limit`, or a moment later.
  ///
  /// SQLite ends a query that is cancelled at once; one of PostgreSQL is waited for.
  ///
  /// - Throws: ``WebError`` with status 503 after that time, and what `work` throws.
  static func run<Value: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let task = Task { try await work() }
    let entry = DeadlineWatch.shared.add(.now + limit) { task.cancel() }
    let result = await withTaskCancellationHandler {
      await task.result
    } onCancel: {
      task.cancel()
    }
    guard DeadlineWatch.shared.remove(entry) else {
      throw WebError(.serviceUnavailable, .detail("The answer takes too long: ask for less."))
    }
    return try result.get()
  }
}
