import JobStore

/// A job's fields, read by name.
struct JobRow {
  private static let columns = Dictionary(
    uniqueKeysWithValues: JobField.allCases.enumerated().map { ($0.element, $0.offset) })

  let rows: RowTable
  let row: Int

  init(_ rows: RowTable, _ row: Int = 0) {
    self.rows = rows
    self.row = row
  }

  func integer(_ field: JobField) -> Int64? { Self.columns[field].flatMap { rows.integer(row, $0) } }

  /// A text; nil where there is none, or where it is what the store says in place of none.
  func text(_ field: JobField) -> String? {
    guard let text = Self.columns[field].flatMap({ rows.text(row, $0) }), !text.isEmpty, text != "unknown" else {
      return nil
    }
    return text
  }

  /// Operating system, platform and architecture.
  func platform(_ os: JobField, _ platform: JobField, _ architecture: JobField) -> String? {
    let parts = [text(platform), text(os), text(architecture)].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  var state: JobRecord.State? { integer(.state).flatMap { JobRecord.State(rawValue: Int($0)) } }
  var appearance: JobAppearance {
    JobAppearance(state: state, result: Self.columns[.result].flatMap { rows.text(row, $0) } ?? "")
  }
}
