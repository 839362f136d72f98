import JobStore

/// Pushes as a table for a terminal.
struct PushTable {
  /// The header, then a line a push.
  let lines: [String]

  init(_ pushes: [PushSummary]) {
    let rows = pushes.map { push in
      [
        push.repository, String(push.revision.prefix(12)), String(push.counts.reduce(0) { $0 + $1.jobs }),
        Self.results(of: push),
      ]
    }
    let table = [["PROJECT", "REVISION", "JOBS", "STATES AND RESULTS"]] + rows
    let widths = (0..<3).map { column in table.map { $0[column].count }.max() ?? 0 }
    lines = table.map { row in
      let cells = zip(row, widths).enumerated().map { index, cell in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        return index == 2 ? padding + cell.0 : cell.0 + padding
      }
      return (cells + [row[3]]).joined(separator: "  ")
    }
  }

  /// `3 success, 1 busted, 1 running`: completed jobs by result, the others by state.
  private static func results(of push: PushSummary) -> String {
    push.counts.sorted { $0.state.rawValue > $1.state.rawValue }
      .map { "\($0.jobs) \($0.state == .completed ? $0.result : $0.state.name)" }.joined(separator: ", ")
  }
}
