import GRDB
import GRDBSQLite

/// SQLite's connection inside of a transaction: statements are run row by row.
///
/// It binds the columns of a batch itself: boxing each value for GRDB would cost more than some of the statements.
final class SQLiteSession: SQLSession {
  private let db: Database

  init(_ db: Database) { self.db = db }

  func execute(_ script: String) throws { try db.execute(sql: script) }

  func run(_ statement: SQLStatement, _ columns: [SQLColumn]) throws -> [SQLRow] {
    var rows: [SQLRow] = []
    try forEachRow(of: statement, columns) { handle in
      rows.append(SQLRow(values: (0..<sqlite3_column_count(handle)).map { Self.value(of: handle, $0) }))
    }
    return rows
  }

  func table(_ statement: SQLStatement, _ columns: [SQLColumn]) throws -> RowTable {
    var table = RowTable()
    try forEachRow(of: statement, columns) { handle in
      let width = sqlite3_column_count(handle)
      table.beginRow(width: Int(width))
      for column in 0..<width { Self.append(column, of: handle, to: &table) }
    }
    return table
  }

  private static func append(_ column: Int32, of handle: SQLiteStatement, to table: inout RowTable) {
    switch sqlite3_column_type(handle, column) {
    case SQLITE_INTEGER: table.append(sqlite3_column_int64(handle, column))
    case SQLITE_TEXT:
      // As bytes it is not copied for the sake of a zero at its end; the database's texts are UTF-8.
      let text = sqlite3_column_blob(handle, column)
      table.append(UnsafeRawBufferPointer(start: text, count: Int(sqlite3_column_bytes(handle, column))))
    default: table.appendNull()
    }
  }

  private func forEachRow(
    of statement: SQLStatement, _ columns: [SQLColumn], _ body: (SQLiteStatement) -> Void
  ) throws {
    let prepared =
      statement.isKept
      ? try db.cachedStatement(sql: statement.rowByRow) : try db.makeStatement(sql: statement.rowByRow)
    let handle = prepared.sqliteStatement
    defer {
      sqlite3_reset(handle)
      sqlite3_clear_bindings(handle)
    }
    let count = columns.first?.count ?? (statement.parameters.isEmpty ? 1 : 0)
    for row in 0..<count {
      for (index, column) in columns.enumerated() { try bind(column, row, to: handle, at: Int32(index + 1)) }
      while true {
        let status = sqlite3_step(handle)
        if status == SQLITE_ROW {
          body(handle)
          continue
        }
        guard status == SQLITE_DONE else { throw failure }
        break
      }
      sqlite3_reset(handle)
    }
  }

  private func bind(_ column: SQLColumn, _ row: Int, to handle: SQLiteStatement, at index: Int32) throws {
    let status: Int32
    switch column {
    case .integers(let values):
      status = values[row].map { sqlite3_bind_int64(handle, index, $0) } ?? sqlite3_bind_null(handle, index)
    case .texts(let values):
      if var text = values[row] {
        // SQLite copies the text before the call ends.
        status = text.withUTF8 { utf8 in
          utf8.withMemoryRebound(to: CChar.self) {
            $0.baseAddress == nil
              ? sqlite3_bind_text(handle, index, "", 0, Self.transient)
              : sqlite3_bind_text(handle, index, $0.baseAddress, Int32($0.count), Self.transient)
          }
        }
      } else {
        status = sqlite3_bind_null(handle, index)
      }
    case .bytes(let values):
      if let bytes = values[row] {
        status =
          bytes.isEmpty
          ? sqlite3_bind_zeroblob(handle, index, 0)
          : sqlite3_bind_blob64(handle, index, bytes, UInt64(bytes.count), Self.transient)
      } else {
        status = sqlite3_bind_null(handle, index)
      }
    }
    guard status == SQLITE_OK else { throw failure }
  }

  /// Tells SQLite to copy what it is given.
  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  private static func value(of handle: SQLiteStatement, _ column: Int32) -> SQLValue {
    let count = Int(sqlite3_column_bytes(handle, column))
    switch sqlite3_column_type(handle, column) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, column))
    case SQLITE_TEXT:
      guard let text = sqlite3_column_text(handle, column) else { return .text("") }
      return .text(String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self))
    case SQLITE_BLOB:
      guard let bytes = sqlite3_column_blob(handle, column) else { return .bytes([]) }
      return .bytes([UInt8](UnsafeRawBufferPointer(start: bytes, count: count)))
    default: return .null
    }
  }

  private var failure: DatabaseError {
    let connection = db.sqliteConnection
    return DatabaseError(
      resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
      message: sqlite3_errmsg(connection).map { String(cString: $0) })
  }
}
