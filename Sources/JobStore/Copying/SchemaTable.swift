/// A table as the schema declares it.
struct SchemaTable: Sendable, Hashable {
  let name: String
  /// Its columns in their order, with what they hold.
  let columns: [SQLStatement.Parameter]
  /// The columns that its rows are told apart by.
  let key: [SQLStatement.Parameter]
  /// Whether the database numbers the rows.
  var isNumbered: Bool { key.map(\.name) == ["id"] }

  /// The tables that a schema's scripts make, each behind those that it refers to.
  ///
  /// The scripts are ours: a declaration is `name type …`, and what is none begins with `unique (`, `primary key (` or
  /// is `create index`.
  static func all(in scripts: [String]) -> [SchemaTable] {
    scripts.flatMap { $0.split(separator: ";") }.compactMap { SchemaTable(declaration: $0) }
  }

  /// Those that a copy of a store holds too: notes of what has just changed mean nothing elsewhere.
  static var copied: [SchemaTable] { all(in: Schema.steps).filter { $0.name != "push_change" } }

  private init?(declaration: Substring) {
    guard let match = declaration.firstMatch(of: #/create table (?<name>\w+) \((?<body>(?s:.*))\)/#) else { return nil }
    name = String(match.name)
    let body = String(match.body)
    let columns: [SQLStatement.Parameter] = body.matches(
      of: #/(?:^|[\n,(])\s*(?<name>\w+) (?<type>\{id\}|\{text\}|\{bytes\}|bigint)/#
    ).map { match in
      let name = String(match.name)
      switch match.type {
      case "{text}": return .text(name)
      case "{bytes}": return .bytes(name)
      default: return .integer(name)
      }
    }
    self.columns = columns
    let names: [String]
    if let match = body.firstMatch(of: #/primary key \((?<names>[^)]*)\)/#) {
      names = match.names.split(separator: ",").map { String($0.drop { $0 == " " }) }
    } else if let match = body.firstMatch(of: #/(?<name>\w+) \{\w+\} primary key/#) {
      names = [String(match.name)]
    } else {
      names = ["id"]
    }
    key = names.compactMap { name in columns.first { $0.name == name } }
  }
}
