import JobStore

/// A job of the same signature, as one mark of a strip.
struct JobHistoryEntry {
  let entryLetter: String
  let entryLabel: String
  let entryAddress: String
  let entryRevision: String
  let entryTook: String?
  let isThis: Bool
  let isFailure: Bool
  let isCompleted: Bool

  init(_ appearance: JobAppearance, address: String, revision: String?, took: String?, isThis: Bool) {
    entryLetter = "\(appearance.letter)"
    entryLabel = appearance.label
    entryAddress = address
    entryRevision = String((revision ?? "").prefix(12))
    entryTook = took
    self.isThis = isThis
    isFailure = appearance.isFailure
    isCompleted = appearance.isCompleted
  }

  /// The strip, the oldest job first and the job itself last, and what it comes to in words.
  static func strip(
    _ rows: RowTable, address: String, own: JobHistoryEntry
  ) -> (entries: [JobHistoryEntry], text: String) {
    var entries = (0..<rows.count).reversed().map { row in
      JobHistoryEntry(
        JobAppearance(
          state: rows.integer(row, HistoryColumn.state).flatMap { JobRecord.State(rawValue: Int($0)) },
          result: rows.text(row, HistoryColumn.result) ?? ""),
        address: "\(address)/job/\(rows.integer(row, HistoryColumn.id) ?? 0)",
        revision: rows.text(row, HistoryColumn.revision),
        took: PageTime.duration(
          from: rows.integer(row, HistoryColumn.startTime), to: rows.integer(row, HistoryColumn.endTime)),
        isThis: false)
    }
    let completed = entries.filter(\.isCompleted)
    let failures = completed.filter(\.isFailure).count
    entries.append(own)
    let text =
      completed.isEmpty
      ? "None before it has ended."
      : failures == 0
        ? "None of the \(completed.count) before it failed." : "\(failures) of the \(completed.count) before it failed."
    return (entries, text)
  }
}
