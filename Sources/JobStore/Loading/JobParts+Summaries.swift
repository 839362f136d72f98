/// Summaries of logs that come as artifacts.
extension JobParts {
  private static let findLogs = SQLStatement(
    """
    select v.position, l.id, l.url,
      case when exists (select 1 from log_step s where s.log_id = l.id) then 1 else 0 end
    from {rows} join job_log l on l.job_id = v.job_id and l.name = v.name order by l.id
    """, [.integer("position"), .integer("job_id"), .text("name")])
  private static let insertLog = SQLStatement.insert(
    into: "job_log",
    [
      .integer("job_id"), .integer("digest"), .text("name"), .text("url"), .integer("parse_status"),
      .integer("errors_truncated"), .integer("awaits"),
    ], "on conflict (job_id, digest) do nothing")
  /// A job that has suggestions, also those that came with this summary, needs no others.
  private static let summarize = SQLStatement(
    """
    update job_log set parse_status = \(LogRecord.ParseStatus.parsed.rawValue), errors_truncated = v.truncated,
      awaits = case when \(LogWorkQueue.hasSuggestions("job_log.job_id"))
        then \(LogRecord.Awaited.nothing.rawValue) else \(LogRecord.Awaited.suggestions.rawValue) end,
      lease_end = null
    from {rows} where job_log.id = v.log_id
    """, [.integer("log_id"), .integer("truncated")])

  /// Gives logs the steps that summaries tell of; a log that nobody has told of is made.
  ///
  /// Artifacts that are new must be stored by now: one of suggestions decides whether others are to be made.
  mutating func storeSummaries(of artifacts: [Attached]) throws {
    let summaries = artifacts.compactMap { entry in entry.artifact.summary.map { (job: entry.job, summary: $0) } }
    guard !summaries.isEmpty else { return }
    var logs = try logs(of: summaries)
    let missing = summaries.indices.filter { logs[$0] == nil }
    if !missing.isEmpty {
      let names = missing.map { summaries[$0].summary.logName }
      let urls = missing.map { summaries[$0].summary.logURL ?? "" }
      _ = try session.run(
        Self.insertLog,
        [
          .integers(missing.map { summaries[$0].job }),
          .integers(zip(names, urls).map { Digest.short($0, $1) }), .texts(names), .texts(urls),
          .integers(missing.map { _ in Int64(LogRecord.ParseStatus.parsed.rawValue) }),
          .integers(missing.map { _ in 0 }),
          .integers(missing.map { _ in LogRecord.Awaited.nothing.rawValue }),
        ])
      logs = try self.logs(of: summaries)
    }
    var steps: [(log: Int64, position: Int64, step: LogRecord.Step)] = []
    for (index, log) in logs where !log.hasSteps {
      for (position, step) in summaries[index].summary.steps.enumerated() {
        steps.append((log.id, Int64(position), step))
      }
    }
    let found = logs.sorted { $0.value.id < $1.value.id }
    _ = try session.run(
      Self.summarize,
      [
        .integers(found.map(\.value.id)),
        .integers(found.map { summaries[$0.key].summary.areErrorsTruncated ? 1 : 0 }),
      ])
    try store(steps)
  }

  /// The logs that summaries are of, by the summaries' numbers: those of the same URL ahead of others of the name.
  private func logs(
    of summaries: [(job: Int64, summary: LogSummary)]
  ) throws -> [Int: (id: Int64, hasSteps: Bool)] {
    let rows = try session.run(
      Self.findLogs,
      [
        .integers(summaries.indices.map(Int64.init)), .integers(summaries.map(\.job)),
        .texts(summaries.map(\.summary.logName)),
      ])
    var logs: [Int: (id: Int64, hasSteps: Bool)] = [:]
    var exact: Set<Int> = []
    for row in rows {
      let index = Int(try row.integer(0))
      let isExact = try row.text(2) == summaries[index].summary.logURL
      guard logs[index] == nil || isExact && !exact.contains(index) else { continue }
      logs[index] = (try row.integer(1), try row.integer(3) != 0)
      if isExact { exact.insert(index) }
    }
    return logs
  }
}
