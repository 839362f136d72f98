/// A connection with a thread of its own that hears what is notified on a channel.
actor PostgreSQLListener {
  /// How long one call waits, in milliseconds: whoever is cancelled waits for no more than that.
  private static let patience: Int32 = 250

  private let url: PostgreSQLURL
  private let channel: String
  private let executor = QueueExecutor("drover.postgresql.listen")
  private var handle: PostgreSQLHandle?

  init(_ url: PostgreSQLURL, channel: String) {
    self.url = url
    self.channel = channel
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Connects; what is notified from now on is heard.
  ///
  /// - Throws: ``StoreError`` with code `unavailable`.
  func begin() throws(StoreError) {
    try attempting { () throws(PostgreSQLFailure) in
      let handle = try PostgreSQLHandle(url)
      _ = try handle.execute("listen \(channel)")
      self.handle = handle
    }
  }

  /// What was notified, after a while nothing.
  ///
  /// - Throws: ``StoreError`` with code `unavailable` where the connection is lost.
  func next() throws(StoreError) -> [String] {
    guard let handle else { throw StoreError(.unavailable, "no connection to \(url): none was begun") }
    return try attempting { () throws(PostgreSQLFailure) in try handle.notifications(waiting: Self.patience) }
  }

  private func attempting<T>(_ work: () throws(PostgreSQLFailure) -> T) throws(StoreError) -> T {
    do {
      return try work()
    } catch {
      handle = nil
      throw StoreError(.unavailable, "no connection to \(url): \(error.description)")
    }
  }
}
