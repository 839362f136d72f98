/// A statement that is run for every row of a batch, written once for both databases.
///
/// Its text has `{rows}` where the batch belongs: a table of the parameters, known as `v`, with a column for each. A
/// database that takes arrays runs it once for the whole batch; one that does not runs it row by row. So a statement must
/// treat each row by itself, and must not meet one key twice where it says `do update`.
///
/// A statement for one row may name its parameters in the text instead: `{name}` is the value, and `{in name}` or
/// `{in integers name}` a comparison with the values of the JSON array in it.
struct SQLStatement: Hashable, Sendable {
  /// What a column of parameters holds.
  enum ParameterType: Sendable {
    /// 64 bits.
    case integer
    case text
    case bytes
  }

  /// A column of the batch.
  struct Parameter: Hashable, Sendable {
    let name: String
    let type: ParameterType

    static func integer(_ name: String) -> Parameter { Parameter(name: name, type: .integer) }
    static func text(_ name: String) -> Parameter { Parameter(name: name, type: .text) }
    static func bytes(_ name: String) -> Parameter { Parameter(name: name, type: .bytes) }
  }

  /// The statement with `{rows}` in it; one without parameters has none and is run once.
  let template: String
  let parameters: [Parameter]
  /// The statement for one row at a time: numbered parameters in the batch's place.
  let rowByRow: String
  /// Whether connections keep it prepared. One of countless variants must not be: what is kept is kept until the end.
  let isKept: Bool

  init(_ template: String, _ parameters: [Parameter] = [], isKept: Bool = true) {
    self.template = template
    self.parameters = parameters
    self.isKept = isKept
    let columns = parameters.enumerated().map { "?\($0.offset + 1) as \($0.element.name)" }
    var text = template.replacing("{rows}", with: "(select \(columns.joined(separator: ", "))) as v")
    for (index, parameter) in parameters.enumerated() where template.contains("\(parameter.name)}") {
      let list = "in (select value from json_each(?\(index + 1)))"
      text = text.replacing("{\(parameter.name)}", with: "?\(index + 1)")
        .replacing("{in \(parameter.name)}", with: list).replacing("{in integers \(parameter.name)}", with: list)
    }
    rowByRow = text
  }

  /// Inserts the batch into `table`, with what follows the rows: `on conflict …`, `returning …`.
  static func insert(into table: String, _ parameters: [Parameter], _ rest: String) -> SQLStatement {
    let names = parameters.map(\.name).joined(separator: ", ")
    // Without a condition SQLite takes `on conflict` for a part of a join.
    return SQLStatement("insert into \(table) (\(names)) select \(names) from {rows} where true \(rest)", parameters)
  }

  static func == (left: SQLStatement, right: SQLStatement) -> Bool { left.template == right.template }
  func hash(into hasher: inout Hasher) { hasher.combine(template) }
}

/// A column of a batch: a value, or none, for each row.
enum SQLColumn: Sendable {
  case integers([Int64?])
  case texts([String?])
  case bytes([[UInt8]?])

  var count: Int {
    switch self {
    case .integers(let values): values.count
    case .texts(let values): values.count
    case .bytes(let values): values.count
    }
  }
}

/// A value that a statement returned.
enum SQLValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case text(String)
  case bytes([UInt8])
}

/// A row that a statement returned.
struct SQLRow: Sendable {
  let values: [SQLValue]

  /// The integer in a column.
  ///
  /// - Throws: ``StoreError`` with code `unavailable` where something else is there: the schema is not this program's.
  func integer(_ column: Int) throws(StoreError) -> Int64 {
    guard case .integer(let value) = values[column] else { throw unexpected(column) }
    return value
  }

  /// The integer in a column, nil for none.
  func optionalInteger(_ column: Int) throws(StoreError) -> Int64? {
    if case .null = values[column] { return nil }
    return try integer(column)
  }

  /// The text in a column.
  func text(_ column: Int) throws(StoreError) -> String {
    guard case .text(let value) = values[column] else { throw unexpected(column) }
    return value
  }

  /// The text in a column, nil for none.
  func optionalText(_ column: Int) throws(StoreError) -> String? {
    if case .null = values[column] { return nil }
    return try text(column)
  }

  /// The bytes in a column.
  func bytes(_ column: Int) throws(StoreError) -> [UInt8] {
    guard case .bytes(let value) = values[column] else { throw unexpected(column) }
    return value
  }

  private func unexpected(_ column: Int) -> StoreError {
    StoreError(.unavailable, "the store returned something unexpected in column \(column) of an answer")
  }
}
