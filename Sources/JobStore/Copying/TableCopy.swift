/// How one table is copied from database to database: page by page in the order of its key.
struct TableCopy: Sendable {
  let table: SchemaTable
  let source: any SQLEngine
  let target: any SQLEngine

  /// Rows in a page: enough for a commit to be worth its while, and little enough of those that hold whole messages.
  private var pageSize: Int {
    let holdsMessages = table.columns.contains { ["blob", "body", "record"].contains($0.name) }
    return holdsMessages ? 50 : 2_000
  }

  private var names: String { table.columns.map(\.name).joined(separator: ", ") }
  private var keyNames: String { table.key.map(\.name).joined(separator: ", ") }

  /// Copies all rows.
  ///
  /// - Parameter progress: told how many came with each page.
  /// - Returns: how many there were.
  func run(_ progress: (Int) -> Void) async throws -> Int {
    let insert = SQLStatement(
      """
      insert into \(table.name) (\(names)) \(target.dialect == .postgreSQL ? "overriding system value" : "")
      select \(names) from {rows} where true
      """, table.columns)
    var (count, last) = (0, nil as [SQLValue]?)
    while true {
      let (statement, parameters) = page(after: last)
      let rows = try await source.read { try $0.run(statement, parameters) }
      guard let end = rows.last else { break }
      let columns = try columns(of: rows)
      _ = try await target.write { try $0.run(insert, columns) }
      count += rows.count
      progress(rows.count)
      last = table.key.map { key in
        table.columns.firstIndex(of: key).map { end.values[$0] } ?? .null
      }
    }
    if table.isNumbered, target.dialect == .postgreSQL, count > 0 {
      // What comes after is numbered behind what was copied.
      let next = SQLStatement(
        "select setval(pg_get_serial_sequence('\(table.name)', 'id'), (select max(id) from \(table.name)))")
      _ = try await target.write { try $0.run(next) }
    }
    return count
  }

  private func page(after last: [SQLValue]?) -> (SQLStatement, [SQLColumn]) {
    let order = "order by \(keyNames) limit \(pageSize)"
    guard let last else { return (SQLStatement("select \(names) from \(table.name) \(order)"), []) }
    let bounds = table.key.map { "{\($0.name)}" }.joined(separator: ", ")
    let statement = SQLStatement(
      "select \(names) from \(table.name) where (\(keyNames)) > (\(bounds)) \(order)", table.key)
    return (statement, last.map { SQLColumn([$0]) })
  }

  private func columns(of rows: [SQLRow]) throws(StoreError) -> [SQLColumn] {
    var columns: [SQLColumn] = []
    for (index, column) in table.columns.enumerated() {
      switch column.type {
      case .integer:
        var values: [Int64?] = []
        for row in rows { values.append(try row.optionalInteger(index)) }
        columns.append(.integers(values))
      case .text:
        var values: [String?] = []
        for row in rows { values.append(try row.optionalText(index)) }
        columns.append(.texts(values))
      case .bytes:
        var values: [[UInt8]?] = []
        for row in rows { values.append(row.values[index] == .null ? nil : try row.bytes(index)) }
        columns.append(.bytes(values))
      }
    }
    return columns
  }
}

extension SQLColumn {
  /// A column of one kind of values; the first one tells which.
  fileprivate init(_ values: [SQLValue]) {
    switch values.first {
    case .text(let text): self = .texts([text])
    case .bytes(let bytes): self = .bytes([bytes])
    case .integer(let integer): self = .integers([integer])
    case .null, nil: self = .integers([nil])
    }
  }
}
