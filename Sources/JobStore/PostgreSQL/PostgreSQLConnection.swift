/// A connection with a thread of its own, on which whole transactions run. It is opened by the first of them, and anew by
/// the one after a loss.
actor PostgreSQLConnection {
  /// The two kinds of transactions.
  enum Kind: Sendable {
    case write
    case read

    fileprivate var beginning: String {
      switch self {
      case .write: "begin transaction isolation level read committed"
      case .read: "begin transaction isolation level repeatable read read only"
      }
    }
  }

  /// How a transaction ended that did not fail.
  enum Outcome<T: Sendable>: Sendable {
    case committed(T)
    /// The server gave it up for another one's sake, and it may be run again.
    case gaveWay(StoreError)
  }

  private let url: PostgreSQLURL
  private let executor = QueueExecutor("drover.postgresql")
  private var session: PostgreSQLSession?

  init(_ url: PostgreSQLURL) { self.url = url }

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Runs `work` in a transaction, once.
  ///
  /// - Throws: ``StoreError``, and what `work` threw.
  func transaction<T: Sendable>(_ kind: Kind, _ work: (any SQLSession) throws -> T) throws -> Outcome<T> {
    let session = try begin(kind)
    do {
      let value = try work(session)
      try commit(session)
      return .committed(value)
    } catch {
      // What went wrong on the way to the server decides, whatever `work` made of it.
      let failure = session.failure
      if !session.rollBack() { self.session = nil }
      if failure?.remedy == .runAgain { return .gaveWay(error as? StoreError ?? StoreError(.unavailable, "\(error)")) }
      throw error
    }
  }

  /// Closes the connection; the next transaction opens it again.
  func close() { session = nil }

  private func begin(_ kind: Kind) throws(StoreError) -> PostgreSQLSession {
    if let session {
      do {
        try session.begin(kind.beginning)
        return session
      } catch {
        // It was lost while nobody used it. Nothing has been done yet, so that another one can be tried at once.
        self.session = nil
        guard session.failure?.remedy == .reconnect else { throw error }
      }
    }
    let session = try PostgreSQLSession(url)
    try session.begin(kind.beginning)
    self.session = session
    return session
  }

  private func commit(_ session: PostgreSQLSession) throws(StoreError) {
    let wasWell = session.failure == nil
    do {
      try session.commit()
    } catch {
      guard wasWell, session.failure?.remedy == .reconnect else { throw error }
      throw StoreError(.unavailable, "\(error.message); whether the transaction was committed is not known")
    }
  }
}
