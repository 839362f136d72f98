/// A table of values that many jobs share; a job holds the row's number.
enum ReferenceTable: Int, CaseIterable, Sendable {
  case machine, platform, optionCollection, jobType, jobGroup, jobGroupName, product, buildSystem, signature, repository

  /// What a row is known by: one text for each of ``key``'s columns.
  struct Key: Hashable, Sendable, Comparable {
    let table: ReferenceTable
    let first: String
    var second = ""
    var third = ""

    /// Rows are made in this order, so that two loaders never wait for each other's.
    static func < (left: Key, right: Key) -> Bool {
      (left.table.rawValue, left.first, left.second, left.third)
        < (right.table.rawValue, right.first, right.second, right.third)
    }

    fileprivate func text(_ column: Int) -> String { column == 0 ? first : column == 1 ? second : third }
  }

  private var name: String {
    switch self {
    case .machine: "machine"
    case .platform: "platform"
    case .optionCollection: "option_collection"
    case .jobType: "job_type"
    case .jobGroup: "job_group"
    case .jobGroupName: "job_group_name"
    case .product: "product"
    case .buildSystem: "build_system"
    case .signature: "signature"
    case .repository: "repository"
    }
  }

  /// The columns that a row is known by.
  private var key: [String] {
    switch self {
    case .machine, .jobGroupName, .product, .buildSystem, .repository: ["name"]
    case .platform: ["os", "platform", "architecture"]
    // Labels are joined without a separator for the hash: a and bc have that of ab and c.
    case .optionCollection: ["hash", "options"]
    case .signature: ["hash"]
    case .jobType: ["symbol", "name"]
    case .jobGroup: ["symbol"]
    }
  }

  /// Whether a row is known by one text alone.
  var hasOneText: Bool { self != .platform && self != .optionCollection && self != .jobType }

  private static let statements = allCases.map { table in
    (
      insert: SQLStatement.insert(
        into: table.name, table.key.map { .text($0) },
        "on conflict (\(table.key.joined(separator: ", "))) do nothing"),
      find: SQLStatement(
        """
        select t.id, \(table.key.map { "t.\($0)" }.joined(separator: ", ")) from {rows}
        join \(table.name) t on \(table.key.map { "t.\($0) = v.\($0)" }.joined(separator: " and "))
        """, table.key.map { .text($0) })
    )
  }

  /// Finds rows, and makes those that are not there.
  ///
  /// - Parameter keys: of this table, sorted, each once.
  /// - Returns: the rows' ids by what identifies them.
  func rows(
    for keys: [Key], in session: any SQLSession, makes: Bool = true
  ) throws -> [(key: Key, id: Int64)] {
    guard !keys.isEmpty else { return [] }
    let (insert, find) = Self.statements[rawValue]
    if makes {
      _ = try session.run(insert, key.indices.map { column in .texts(keys.map { $0.text(column) }) })
    }
    return try session.run(find, key.indices.map { column in .texts(keys.map { $0.text(column) }) }).map { row in
      let texts = try key.indices.map { try row.text($0 + 1) }
      let key = Key(
        table: self, first: texts[0], second: texts.count > 1 ? texts[1] : "", third: texts.count > 2 ? texts[2] : "")
      return (key, try row.integer(0))
    }
  }
}
