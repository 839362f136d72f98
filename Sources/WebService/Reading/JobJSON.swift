import JobStore

/// Jobs as JSON: each field by its kind, straight from the row to the answer.
enum JobJSON {
  private static let fields = JobField.allCases.map { (name: Array("\"\($0.rawValue)\":".utf8), kind: $0.kind) }
  private static let states = JobRecord.State.allCases.map(\.name)

  /// Writes a job's fields with their names.
  static func members(of row: Int, in rows: RowTable, to json: inout JSONWriter) {
    for (column, field) in fields.enumerated() {
      json.rawName(field.name)
      value(row, column, field.kind, in: rows, to: &json)
    }
  }

  /// Writes a job's fields alone, in the order of ``JobField``.
  static func values(of row: Int, in rows: RowTable, to json: inout JSONWriter) {
    for (column, field) in fields.enumerated() { value(row, column, field.kind, in: rows, to: &json) }
  }

  private static func value(
    _ row: Int, _ column: Int, _ kind: FieldKind, in rows: RowTable, to json: inout JSONWriter
  ) {
    switch kind {
    case .text:
      if rows.withText(row, column, { json.string($0) }) == nil { json.null() }
    case .integer:
      if let value = rows.integer(row, column) { json.integer(value) } else { json.null() }
    case .seconds: json.seconds(rows.integer(row, column))
    case .milliseconds: json.time(rows.integer(row, column))
    case .state:
      guard let number = rows.integer(row, column), states.indices.contains(Int(number)) else { return json.null() }
      json.string(states[Int(number)])
    }
  }
}
