/// Connections that are lent, to one caller each; who finds none waits in a queue, which is as long as there are callers.
actor PostgreSQLPool {
  private typealias Waiter = CheckedContinuation<PostgreSQLConnection, any Error>

  private let size: Int
  // The last one given back is the first one lent, so that there are no more open than are needed.
  private var idle: [PostgreSQLConnection]
  private var waiting: [(id: Int, waiter: Waiter)] = []
  private var nextID = 0
  private var isClosed = false
  private var closers: [CheckedContinuation<Void, Never>] = []

  /// - Parameter size: how many connections there are at most; none is opened yet.
  init(_ url: PostgreSQLURL, size: Int) {
    self.size = size
    idle = (0..<size).map { _ in PostgreSQLConnection(url) }
  }

  /// Lends a connection for as long as `body` runs.
  ///
  /// - Throws: ``StoreError`` with code `unavailable` after ``close()``; `CancellationError` where the task is cancelled
  ///   while it waits; and what `body` throws.
  nonisolated func lend<T: Sendable>(
    _ body: @Sendable (PostgreSQLConnection) async throws -> T
  ) async throws -> T {
    let connection = try await take()
    do {
      let value = try await body(connection)
      await giveBack(connection)
      return value
    } catch {
      await giveBack(connection)
      throw error
    }
  }

  /// Waits for everybody who has or awaits a connection, and closes all; nobody else gets one.
  func close() async {
    isClosed = true
    if idle.count < size { await withCheckedContinuation { closers.append($0) } }
    for connection in idle { await connection.close() }
  }

  private func take() async throws -> PostgreSQLConnection {
    guard !isClosed else { throw StoreError(.unavailable, "the store is closed") }
    if let connection = idle.popLast() { return connection }
    let id = nextID
    nextID += 1
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { waiting.append((id, $0)) }
    } onCancel: {
      Task { await self.giveUp(id) }
    }
  }

  private func giveUp(_ id: Int) {
    guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
    waiting.remove(at: index).waiter.resume(throwing: CancellationError())
  }

  private func giveBack(_ connection: PostgreSQLConnection) {
    guard waiting.isEmpty else {
      waiting.removeFirst().waiter.resume(returning: connection)
      return
    }
    idle.append(connection)
    guard idle.count == size else { return }
    for closer in closers { closer.resume() }
    closers = []
  }
}
