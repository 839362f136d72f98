import JobStore

/// The jobs of one push, counted, and those that are shown in their order.
struct PushJobs {
  /// A job that is shown.
  struct Job {
    /// The place of its row, its group, whether it is folded, and the place of its type.
    let order: UInt64
    let row: Int32
    let appearance: JobAppearance
  }

  let rows: RowTable
  /// By ``JobAppearance``'s number, of all jobs.
  private(set) var counts = [Int](repeating: 0, count: JobAppearance.allCases.count)
  /// In the order of the table.
  private(set) var shown: [Job] = []

  init(_ rows: RowTable, names: MatrixNames, filter: JobFilter) {
    self.rows = rows
    let isEverything = filter.isEmpty
    let allWords = filter.words.prefix(MatrixNames.maximumWords)
    let wanted: UInt64 = allWords.count == 64 ? .max : (1 << UInt64(allWords.count)) - 1
    shown.reserveCapacity(rows.count)
    for row in 0..<rows.count {
      let state = rows.integer(row, JobMatrix.JobColumn.state)
      let appearance =
        rows.withText(row, JobMatrix.JobColumn.result.rawValue) {
          JobAppearance(state: state, result: $0)
        } ?? .unknown
      counts[appearance.rawValue] += 1
      guard let platform = names.platforms[MatrixNames.platformKey(row, of: rows)],
        let group = rows.integer(row, JobMatrix.JobColumn.groupID).flatMap({ names.groups[$0] }),
        let type = rows.integer(row, JobMatrix.JobColumn.typeID).flatMap({ names.types[$0] })
      else { continue }
      let tier = rows.integer(row, JobMatrix.JobColumn.tier) ?? 1
      if !isEverything {
        guard platform.isShown, group.isShown, type.isShown,
          (platform.words | group.words | type.words) & wanted == wanted,
          filter.states.isEmpty || filter.states.contains(state ?? 0),
          filter.tiers.isEmpty || filter.tiers.contains(tier),
          !filter.onlyFailures || appearance.isFailure,
          filter.results.isEmpty || filter.results.contains(rows.text(row, JobMatrix.JobColumn.result) ?? "")
        else { continue }
      }
      // 20 bits for rows, 4 for tiers, 18 for groups, 1 for what is folded, 20 for types.
      let order =
        UInt64(platform.rank & 0xFFFFF) << 43 | UInt64(max(0, min(tier, 15))) << 39
        | UInt64(group.rank & 0x3FFFF) << 21 | (appearance.isFolded ? 1 << 20 : 0) | UInt64(type.rank & 0xFFFFF)
      shown.append(Job(order: order, row: Int32(row), appearance: appearance))
    }
    shown.sort { ($0.order, $0.row) < ($1.order, $1.row) }
  }

  /// How many there are.
  var count: Int { rows.count }

  /// How many look like that.
  func count(_ appearance: JobAppearance) -> Int { counts[appearance.rawValue] }
}

extension PushJobs.Job {
  /// Equal for jobs of one row of the table.
  var rowKey: UInt64 { order >> 43 }
  /// Equal for jobs of one group in one row.
  var groupKey: UInt64 { order >> 21 }
  var isFolded: Bool { order & 1 << 20 != 0 }
}
