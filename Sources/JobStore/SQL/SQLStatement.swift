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
    rowByRow = Self.filled(template, parameters) { place in
      switch place {
      case .rows: "(select \(columns.joined(separator: ", "))) as v"
      case .value(let index): "?\(index + 1)"
      case .list(let index), .integerList(let index): "in (select value from json_each(?\(index + 1)))"
      }
    }
  }

  /// A place in a template.
  enum Place {
    case rows
    /// The value of the parameter with that number, counted from 0.
    case value(Int)
    case list(Int)
    case integerList(Int)
  }

  /// A template with something in its places.
  ///
  /// In one pass over its bytes: statements are put together for every question.
  static func filled(_ template: String, _ parameters: [Parameter], _ fill: (Place) -> String) -> String {
    var text = ""
    text.reserveCapacity(template.utf8.count + 64)
    var rest = template[...]
    while let open = rest.utf8.firstIndex(of: UInt8(ascii: "{")),
      let close = rest.utf8[open...].firstIndex(of: UInt8(ascii: "}"))
    {
      text += rest[..<open]
      let words = rest[rest.utf8.index(after: open)..<close].split(separator: " ")
      if let place = place(words, parameters) { text += fill(place) } else { text += rest[open...close] }
      rest = rest[rest.utf8.index(after: close)...]
    }
    return text + rest
  }

  private static func place(_ words: [Substring], _ parameters: [Parameter]) -> Place? {
    if words == ["rows"] { return .rows }
    guard let name = words.last, let index = parameters.firstIndex(where: { $0.name == name }) else { return nil }
    return switch words.dropLast() {
    case []: .value(index)
    case ["in"]: .list(index)
    case ["in", "integers"]: .integerList(index)
    default: nil
    }
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
