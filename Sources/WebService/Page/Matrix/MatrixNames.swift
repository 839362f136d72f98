import JobStore

/// What the numbers of a matrix stand for, in the order in which they are shown, and which of them a filter lets pass.
struct MatrixNames {
  /// A row of the table, a group or a type of jobs.
  struct Name {
    /// What is shown.
    let text: String
    /// What is told beside it; empty where nothing is.
    let more: String
    /// Its place among the others.
    var rank = 0
    /// Whether a filter lets it pass.
    var isShown = true
    /// Which of the filter's words it contains, a bit for each.
    var words: UInt64 = 0
  }

  /// A platform with its options.
  struct PlatformKey: Hashable {
    let platform: Int64
    let options: Int64
  }

  private(set) var platforms: [PlatformKey: Name] = [:]
  private(set) var groups: [Int64: Name] = [:]
  private(set) var types: [Int64: Name] = [:]

  init(_ matrix: JobMatrix, filter: JobFilter) {
    let platformNames = Self.texts(matrix.platforms)
    let optionNames = Self.texts(matrix.options)
    let groupNames = Self.texts(matrix.groupNames)
    var groupNameOf: [Int64: Int64] = [:]
    var keys: Set<PlatformKey> = []
    for rows in matrix.jobs.values {
      for row in 0..<rows.count {
        keys.insert(Self.platformKey(row, of: rows))
        if let group = rows.integer(row, JobMatrix.JobColumn.groupID), groupNameOf[group] == nil,
          let name = rows.integer(row, JobMatrix.JobColumn.groupNameID)
        {
          groupNameOf[group] = name
        }
      }
    }
    for key in keys {
      platforms[key] = Name(text: platformNames[key.platform] ?? "no platform", more: optionNames[key.options] ?? "")
    }
    for row in 0..<matrix.groups.count {
      guard let id = matrix.groups.integer(row, JobMatrix.NameColumn.id) else { continue }
      groups[id] = Name(
        text: matrix.groups.text(row, JobMatrix.NameColumn.name) ?? "?",
        more: groupNameOf[id].flatMap { groupNames[$0] } ?? "")
    }
    for row in 0..<matrix.types.count {
      guard let id = matrix.types.integer(row, JobMatrix.TypeColumn.id) else { continue }
      let symbol = matrix.types.text(row, JobMatrix.TypeColumn.symbol) ?? ""
      types[id] = Name(
        text: symbol.isEmpty ? "?" : symbol, more: matrix.types.text(row, JobMatrix.TypeColumn.name) ?? "")
    }
    Self.rank(&platforms)
    Self.rank(&groups)
    Self.rank(&types)
    if !filter.isEmpty { apply(filter) }
  }

  /// Jobs that belong to no group have this symbol for it.
  static let noGroup = "?"

  static func platformKey(_ row: Int, of rows: RowTable) -> PlatformKey {
    PlatformKey(
      platform: rows.integer(row, JobMatrix.JobColumn.platformID) ?? 0,
      options: rows.integer(row, JobMatrix.JobColumn.optionsID) ?? 0)
  }

  private static func texts(_ rows: RowTable) -> [Int64: String] {
    var texts: [Int64: String] = [:]
    for row in 0..<rows.count {
      guard let id = rows.integer(row, JobMatrix.NameColumn.id) else { continue }
      texts[id] = rows.text(row, JobMatrix.NameColumn.name)
    }
    return texts
  }

  /// Gives names their places; two that look alike have the same one, those without a group the first.
  private static func rank<Key>(_ names: inout [Key: Name]) {
    let keys = names.keys.sorted { left, right in
      guard let left = names[left], let right = names[right] else { return false }
      if (left.text == noGroup) != (right.text == noGroup) { return left.text == noGroup }
      if left.text != right.text { return NaturalOrder.isAscending(left.text, right.text) }
      return NaturalOrder.isAscending(left.more, right.more)
    }
    var rank = 0
    var last: Name?
    for key in keys {
      guard let name = names[key] else { continue }
      if let last, last.text != name.text || last.more != name.more { rank += 1 }
      names[key]?.rank = rank
      last = name
    }
  }

  // MARK: Filters

  /// Words beyond as many are passed over.
  static let maximumWords = 64

  private mutating func apply(_ filter: JobFilter) {
    let words = filter.words.prefix(Self.maximumWords)
    func matching(_ text: String) -> UInt64 {
      var bits: UInt64 = 0
      for (index, word) in words.enumerated() where text.contains(word) { bits |= 1 << UInt64(index) }
      return bits
    }
    for (key, name) in platforms {
      let text = "\(name.text) \(name.more)".lowercased()
      platforms[key]?.words = matching(text)
      platforms[key]?.isShown = filter.platforms.isEmpty || filter.platforms.contains { text.contains($0) }
    }
    for (key, name) in groups {
      let more = name.more.lowercased()
      groups[key]?.words = matching("\(name.text) \(name.more)".lowercased())
      groups[key]?.isShown =
        filter.groups.isEmpty || filter.groups.contains { $0 == name.text || more.contains($0.lowercased()) }
    }
    for (key, name) in types {
      let text = "\(name.text) \(name.more)".lowercased()
      types[key]?.words = matching(text)
      types[key]?.isShown = filter.jobNames.isEmpty || filter.jobNames.contains { text.contains($0) }
    }
  }
}
