import Commands
import JobStore

/// Pushes as a table for a terminal.
struct PushTable {
  /// The header, then a line a push.
  let lines: [String]

  init(_ pushes: [PushSummary]) {
    var table = TextTable(["PROJECT", "REVISION", "JOBS", "STATES AND RESULTS"], rightAligned: [2])
    lines = table.lines(
      for: pushes.map { push in
        [
          push.repository, String(push.revision.prefix(12)), String(push.counts.reduce(0) { $0 + $1.jobs }),
          Self.results(of: push),
        ]
      })
  }

  /// `3 success, 1 busted, 1 running`: completed jobs by result, the others by state.
  private static func results(of push: PushSummary) -> String {
    push.counts.sorted { $0.state.rawValue > $1.state.rawValue }
      .map { "\($0.jobs) \($0.state == .completed ? $0.result : $0.state.name)" }.joined(separator: ", ")
  }
}
