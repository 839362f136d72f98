import CPostgreSQL
import Glibc

/// One of libpq's connections. Its calls block, and it must not be used by two threads at once.
final class PostgreSQLHandle {
  private let connection: OpaquePointer

  /// Connects and sets the session up.
  init(_ url: PostgreSQLURL) throws(PostgreSQLFailure) {
    guard let connection = ConnectionOptions.open(url) else {
      throw PostgreSQLFailure(state: nil, reason: "no memory for a connection", isConnectionLost: true)
    }
    self.connection = connection
    guard PQstatus(connection) == CONNECTION_OK else {
      let reason = String(cString: PQerrorMessage(connection))
      throw PostgreSQLFailure(state: nil, reason: reason, isConnectionLost: true)
    }
    cpostgresql_ignore_notices(connection)
    // Without details, which may hold values of rows.
    PQsetErrorVerbosity(connection, PQERRORS_TERSE)
    _ = try execute(ConnectionOptions.settings)
  }

  deinit { PQfinish(connection) }

  /// Runs statements without parameters and returns the last one's command, for example `COMMIT`.
  func execute(_ script: String) throws(PostgreSQLFailure) -> String { try checked(PQexec(connection, script)).command }

  /// Prepares a statement under a name.
  func prepare(_ name: String, _ text: String, _ types: [SQLStatement.ParameterType]) throws(PostgreSQLFailure) {
    let types: [Oid] = types.map { type in
      switch type {
      case .integer: ArrayEncoder.TypeID.int8Array
      case .text: ArrayEncoder.TypeID.textArray
      case .bytes: ArrayEncoder.TypeID.bytesArray
      }
    }
    _ = try checked(PQprepare(connection, name, text, Int32(types.count), types))
  }

  /// Runs a prepared statement.
  func run(_ name: String, _ parameters: ArrayEncoder) throws(PostgreSQLFailure) -> PostgreSQLResult {
    let result = parameters.withParameters { values, lengths in
      PQexecPrepared(
        connection, name, Int32(values.count), values, lengths, [Int32](repeating: 1, count: values.count), 1)
    }
    return try checked(result)
  }

  /// What was notified on the channels that are listened to.
  ///
  /// - Parameter milliseconds: how long something is waited for.
  func notifications(waiting milliseconds: Int32) throws(PostgreSQLFailure) -> [String] {
    var descriptor = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
    // A signal that comes meanwhile only makes it look early.
    _ = poll(&descriptor, 1, milliseconds)
    guard PQconsumeInput(connection) == 1, PQstatus(connection) == CONNECTION_OK else {
      throw PostgreSQLFailure(
        state: nil, reason: String(cString: PQerrorMessage(connection)), isConnectionLost: true)
    }
    var texts: [String] = []
    while let notification = PQnotifies(connection) {
      texts.append(String(cString: notification.pointee.extra))
      PQfreemem(notification)
    }
    return texts
  }

  private func checked(_ result: OpaquePointer?) throws(PostgreSQLFailure) -> PostgreSQLResult {
    let answer = result.map { PostgreSQLResult($0) }
    guard let answer, answer.isSuccess || PQstatus(connection) == CONNECTION_OK else {
      // Here the server's last words are, too; the last result has only what became of the socket.
      let reason = String(cString: PQerrorMessage(connection))
      throw PostgreSQLFailure(state: nil, reason: reason, isConnectionLost: PQstatus(connection) != CONNECTION_OK)
    }
    guard answer.isSuccess else {
      throw PostgreSQLFailure(state: answer.state, reason: answer.reason, isConnectionLost: false)
    }
    return answer
  }
}
