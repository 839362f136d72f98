/// A connection's statements, and what went wrong with them in the transaction that runs.
final class PostgreSQLSession: SQLSession {
  private let handle: PostgreSQLHandle
  private let url: PostgreSQLURL
  private var names: [SQLStatement: String] = [:]
  /// The first failure since ``begin(_:)``; nothing but a rollback is of use after it.
  private(set) var failure: PostgreSQLFailure?

  /// Connects.
  ///
  /// - Throws: ``StoreError`` with code `unavailable`.
  init(_ url: PostgreSQLURL) throws(StoreError) {
    self.url = url
    do {
      handle = try PostgreSQLHandle(url)
    } catch {
      throw StoreError(.unavailable, "no connection to \(url): \(error.description)")
    }
  }

  func run(_ statement: SQLStatement, _ columns: [SQLColumn]) throws -> [SQLRow] {
    try result(of: statement, columns)?.rows() ?? []
  }

  func table(_ statement: SQLStatement, _ columns: [SQLColumn]) throws -> RowTable {
    try result(of: statement, columns)?.table() ?? RowTable()
  }

  /// What the server answered; nil where there was nothing to ask.
  private func result(of statement: SQLStatement, _ columns: [SQLColumn]) throws -> PostgreSQLResult? {
    let count = columns.first?.count ?? 0
    guard columns.map(\.type) == statement.parameters.map(\.type), columns.allSatisfy({ $0.count == count }) else {
      throw StoreError(.failed, "a statement was given a batch that does not fit it")
    }
    if count == 0, !columns.isEmpty { return nil }
    let parameters = try ArrayEncoder(columns, count: count)
    let name = try prepared(statement)
    return try checked { () throws(PostgreSQLFailure) in try handle.run(name, parameters) }
  }

  func execute(_ script: String) throws {
    guard !script.utf8.contains(0) else { throw StoreError(.unstorable, "a statement holds U+0000") }
    _ = try checked { () throws(PostgreSQLFailure) in try handle.execute(script) }
  }

  /// Begins a transaction with the statement `begin`.
  func begin(_ statement: String) throws(StoreError) {
    failure = nil
    _ = try checked { () throws(PostgreSQLFailure) in try handle.execute(statement) }
  }

  /// Commits.
  ///
  /// - Throws: ``StoreError``; with the connection lost, nobody knows whether the transaction was committed.
  func commit() throws(StoreError) {
    // A statement's failure that was passed over: the server would turn the commit into a rollback, and report success.
    if let failure { throw storeError(failure) }
    let command = try checked { () throws(PostgreSQLFailure) in try handle.execute("commit") }
    guard command == "COMMIT" else {
      throw StoreError(.failed, "\(url) answered a commit with \(command)")
    }
  }

  /// Undoes the transaction; false where the connection is not usable any more.
  func rollBack() -> Bool {
    if failure?.remedy == .reconnect { return false }
    return (try? handle.execute("rollback")) != nil
  }

  private func prepared(_ statement: SQLStatement) throws(StoreError) -> String {
    if let name = names[statement] { return name }
    // The one without a name is there until the next one without a name.
    let name = statement.isKept ? "s\(names.count)" : ""
    try checked { () throws(PostgreSQLFailure) in
      try handle.prepare(name, statement.postgreSQLText, statement.parameters.map(\.type))
    }
    if statement.isKept { names[statement] = name }
    return name
  }

  private func checked<T: ~Copyable>(_ body: () throws(PostgreSQLFailure) -> T) throws(StoreError) -> T {
    do {
      return try body()
    } catch {
      if failure == nil { failure = error }
      throw storeError(error)
    }
  }

  private func storeError(_ failure: PostgreSQLFailure) -> StoreError {
    switch failure.remedy {
    case .reconnect: StoreError(.unavailable, "\(url) is not available: \(failure.description)")
    case .runAgain: StoreError(.unavailable, "\(url) gave a transaction up: \(failure.description)")
    case .none: StoreError(.failed, "\(url) refused a statement: \(failure.description)")
    }
  }
}

extension SQLColumn {
  fileprivate var type: SQLStatement.ParameterType {
    switch self {
    case .integers: .integer
    case .texts: .text
    case .bytes: .bytes
    }
  }
}
