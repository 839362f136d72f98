/// The rule by which messages of one job become one row, as a single upsert statement.
///
/// States are ordered unscheduled < pending < running < completed. A column that every message sets follows the message
/// of the highest state. A column that a message may leave out keeps what the highest state that knew it said, whichever
/// order the messages came in: `provenance` remembers, two bits a column, which state that was. Of two messages of one
/// state the later one counts, except that the first `completed` is final. A message that changes nothing leaves the
/// row alone, so that repetitions cost no write and can be told from news.
///
/// The statement is plain SQL that SQLite (3.39 or later) and PostgreSQL both take.
enum JobMerge {
  /// Columns that follow the message of the highest state.
  static let required = [
    "push_id", "state", "result", "name", "symbol", "group_symbol", "build_system", "signature",
  ]

  /// Columns that a message may leave out; those of one group come and go together, the first one tells whether.
  static let optional: [[String]] = [
    ["group_name"], ["product"], ["reason"], ["who"], ["tier"], ["submit_time"], ["start_time"], ["end_time"],
    ["build_os", "build_platform", "build_architecture"],
    ["machine_os", "machine_platform", "machine_architecture"],
    ["machine"], ["options", "option_hash"],
  ]

  /// Columns that are the same in every message of a job.
  static let constant = ["guid", "task_id", "retry_id"]

  /// Every column that the statement's parameters set, in their order.
  static let columns = constant + required + optional.flatMap { $0 } + ["provenance", "last_modified"]

  /// What a message in `state` knows: the value of `provenance` for it.
  ///
  /// - Parameter isKnown: for each group of ``optional`` whether the message sets it.
  static func provenance(state: Int, isKnown: [Bool]) -> Int64 {
    isKnown.enumerated().reduce(0) { $1.element ? $0 | Int64(state) << (2 * $1.offset) : $0 }
  }

  /// Inserts the job or merges it; returns the row's id if a row was made or changed, and no row if not.
  static let upsert: String = {
    let names = columns.joined(separator: ", ")
    let parameters = columns.map { _ in "?" }.joined(separator: ", ")
    let assignments = merged.map { "\($0.column) = \($0.expression)" } + ["last_modified = excluded.last_modified"]
    let before = merged.map { "job.\($0.column)" }.joined(separator: ", ")
    let after = merged.map(\.expression).joined(separator: ", ")
    return """
      insert into job (\(names)) values (\(parameters))
      on conflict (guid) do update set \(assignments.joined(separator: ", "))
      where (\(before)) is distinct from (\(after))
      returning id
      """
  }()

  private static let merged: [(column: String, expression: String)] = {
    // A job that ended because another one did its work was completed by nobody's message yet.
    let isNewer =
      "(\(wins(over: "job.state")) or (job.superseded_by is not null and excluded.state = \(completed)))"
    var result = required.map { ($0, "case when \(isNewer) then excluded.\($0) else job.\($0) end") }
    var provenance: [String] = []
    for (index, group) in optional.enumerated() {
      let known = "((job.provenance >> \(2 * index)) & 3)"
      let isTaken =
        "(excluded.\(group[0]) is not null and (job.\(group[0]) is null or \(wins(over: known))))"
      for column in group {
        result.append((column, "case when \(isTaken) then excluded.\(column) else job.\(column) end"))
      }
      provenance.append("((case when \(isTaken) then excluded.state else \(known) end) << \(2 * index))")
    }
    result.append(("provenance", provenance.joined(separator: " | ")))
    result.append(
      ("superseded_by", "case when excluded.state = \(completed) then null else job.superseded_by end"))
    return result
  }()

  private static let completed = JobRecord.State.completed.rawValue

  /// Whether the incoming message outranks what was said in `state`.
  static func wins(over state: String) -> String {
    "(excluded.state > \(state) or (excluded.state = \(state) and excluded.state < \(completed)))"
  }
}
