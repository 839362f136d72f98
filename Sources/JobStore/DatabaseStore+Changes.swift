extension DatabaseStore {
  /// How often a file of SQLite is looked at: soon enough for a change to be seen within a second.
  private static let interval = Duration.milliseconds(200)
  /// The longest wait before a database that is away is asked again.
  private static let maximumDelay = Duration.seconds(10)

  /// Follows what changes, see ``Store/changes()``.
  public func changes() -> AsyncStream<StoreChange> {
    AsyncStream { continuation in
      let task = Task { [engine] in
        var delay = Self.interval
        while !Task.isCancelled {
          do {
            try await Self.follow(engine) { change in
              delay = Self.interval
              continuation.yield(change)
            }
          } catch {
            // What happens until it is back is covered by what following begins with.
            try? await Task.sleep(for: delay)
            delay = min(delay * 2, Self.maximumDelay)
          }
        }
        continuation.finish()
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  /// Calls `isChanged`, first of all once everything that comes is seen, until the task is cancelled.
  private static func follow(_ engine: any SQLEngine, _ isChanged: (StoreChange) -> Void) async throws {
    if let engine = engine as? PostgreSQLEngine {
      let listener = engine.listener(to: ChangeNotes.channel)
      try await listener.begin()
      isChanged(.anything)
      while !Task.isCancelled {
        for text in try await listener.next() { isChanged(ChangeNotes.change(text) ?? .anything) }
      }
    } else {
      var last = try await engine.read { try ChangeNotes.last(in: $0) }
      isChanged(.anything)
      while !Task.isCancelled {
        try await Task.sleep(for: interval)
        let (changes, end) = try await engine.read { [last] in try ChangeNotes.changes(after: last, in: $0) }
        last = end
        for change in changes { isChanged(change) }
      }
    }
  }
}
