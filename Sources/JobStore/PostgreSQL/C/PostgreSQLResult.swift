import CPostgreSQL

/// What libpq answered; its memory is released with it.
struct PostgreSQLResult: ~Copyable {
  private let result: OpaquePointer

  init(_ result: OpaquePointer) { self.result = result }

  deinit { PQclear(result) }

  var isSuccess: Bool {
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: true
    default: false
    }
  }

  /// The server's code of an error.
  var state: String? { cpostgresql_state(result).map { String(cString: $0) } }

  /// The server's words for an error, or libpq's own.
  var reason: String {
    String(cString: cpostgresql_reason(result) ?? UnsafePointer(PQresultErrorMessage(result)))
  }

  /// The command that was carried out, for example `COMMIT`.
  var command: String { String(cString: PQcmdStatus(result)) }

  /// The rows in Swift's types.
  ///
  /// - Throws: ``StoreError`` with code `failed` for a type that no statement of this program returns.
  func rows() throws(StoreError) -> [SQLRow] {
    let rowCount = PQntuples(result)
    let columns = Range(uncheckedBounds: (0, PQnfields(result)))
    let types = columns.map { UInt32(PQftype(result, $0)) }
    var rows: [SQLRow] = []
    rows.reserveCapacity(Int(rowCount))
    for row in 0..<rowCount {
      var values: [SQLValue] = []
      values.reserveCapacity(types.count)
      for column in columns { values.append(try value(row, column, type: types[Int(column)])) }
      rows.append(SQLRow(values: values))
    }
    return rows
  }

  /// The rows in one piece of memory.
  ///
  /// - Throws: ``StoreError`` with code `failed` for a type that no statement of this program returns.
  func table() throws(StoreError) -> RowTable {
    let rowCount = PQntuples(result)
    let columns = Range(uncheckedBounds: (0, PQnfields(result)))
    let types = columns.map { UInt32(PQftype(result, $0)) }
    var table = RowTable()
    for row in 0..<rowCount {
      table.beginRow(width: types.count)
      for column in columns {
        guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else {
          table.appendNull()
          continue
        }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
        switch types[Int(column)] {
        case ArrayEncoder.TypeID.text, ArrayEncoder.TypeID.boundedText, ArrayEncoder.TypeID.fixedText:
          table.append(bytes)
        default:
          guard case .integer(let value) = try value(row, column, type: types[Int(column)]) else {
            throw StoreError(.failed, "column \(column) of an answer is neither a whole number nor text")
          }
          table.append(value)
        }
      }
    }
    return table
  }

  private func value(_ row: Int32, _ column: Int32, type: UInt32) throws(StoreError) -> SQLValue {
    guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else { return .null }
    let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
    switch (type, bytes.count) {
    case (ArrayEncoder.TypeID.int8, 8): return .integer(bytes.loadUnaligned(as: Int64.self).bigEndian)
    case (ArrayEncoder.TypeID.int4, 4): return .integer(Int64(bytes.loadUnaligned(as: Int32.self).bigEndian))
    case (ArrayEncoder.TypeID.int2, 2): return .integer(Int64(bytes.loadUnaligned(as: Int16.self).bigEndian))
    case (ArrayEncoder.TypeID.bool, 1): return .integer(Int64(bytes[0]))
    case (ArrayEncoder.TypeID.text, _), (ArrayEncoder.TypeID.boundedText, _), (ArrayEncoder.TypeID.fixedText, _),
      (ArrayEncoder.TypeID.name, _):
      return .text(String(decoding: bytes, as: UTF8.self))
    case (ArrayEncoder.TypeID.bytes, _): return .bytes(Array(bytes))
    default:
      throw StoreError(.failed, "column \(column) of an answer has a type that is not read, number \(type)")
    }
  }
}
