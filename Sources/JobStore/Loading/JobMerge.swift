/// The rule by which messages of one job become one row, as a single upsert statement.
///
/// States are ordered unscheduled < pending < running < completed. A column that every message sets follows the message
/// of the highest state. A column that a message may leave out keeps what the highest state that knew it said, whichever
/// order the messages came in: `provenance` remembers, two bits a column, which state that was. Of two messages of one
/// state the later one counts, except that the first `completed` is final. A message that changes nothing leaves the
/// row alone, so that repetitions cost no write and can be told from news.
///
/// `message_state` is the highest state that a message had. A job's own state is that, unless another job did its work
/// before it was completed: then it is completed, with the result `superseded`.
enum JobMerge {
  /// Columns that follow the message of the highest state.
  private static let required: [SQLStatement.Parameter] = [
    .integer("push_id"), .integer("job_type_id"), .integer("job_group_id"), .integer("build_system_id"),
    .integer("signature_id"),
  ]

  /// Columns that a message may leave out.
  private static let optional: [SQLStatement.Parameter] = [
    .integer("job_group_name_id"), .integer("product_id"), .text("reason"), .text("who"), .integer("tier"),
    .integer("submit_time"), .integer("start_time"), .integer("end_time"), .integer("build_platform_id"),
    .integer("machine_platform_id"), .integer("machine_id"), .integer("option_collection_id"),
  ]

  /// Columns that are the same in every message of a job.
  private static let constant: [SQLStatement.Parameter] = [.text("guid"), .text("task_id"), .integer("retry_id")]

  /// What the statement is given of each message, in this order. `result` is that of a completed message.
  static let parameters =
    constant + required + optional
    + [.integer("message_state"), .text("result"), .integer("provenance"), .integer("last_modified")]

  /// What a message in `state` knows: the value of `provenance` for it.
  ///
  /// - Parameter isKnown: for each of the columns that may be left out whether the message sets it.
  static func provenance(state: Int, _ isKnown: Bool...) -> Int64 {
    var provenance: Int64 = 0
    for index in isKnown.indices where isKnown[index] { provenance |= Int64(state) << (2 * index) }
    return provenance
  }

  /// Inserts jobs or merges them; returns id and guid of those that were made or changed.
  ///
  /// A batch must hold a guid once.
  static let upsert: SQLStatement = {
    let given = (constant + required + optional).map(\.name)
    let names = given + ["message_state", "provenance", "last_modified", "superseded_by", "state", "result"]
    let values =
      given.map { "v.\($0)" } + ["v.message_state", "v.provenance", "v.last_modified", "supersession.superseded_by"]
      + [
        state(of: "v.message_state", "supersession.superseded_by"),
        result(of: "v.message_state", "supersession.superseded_by", "v.result"),
      ]
    let assignments = merged.map { "\($0.column) = \($0.expression)" } + ["last_modified = excluded.last_modified"]
    let before = merged.map { "job.\($0.column)" }.joined(separator: ", ")
    let after = merged.map(\.expression).joined(separator: ", ")
    return SQLStatement(
      """
      insert into job (\(names.joined(separator: ", ")))
      select \(values.joined(separator: ", "))
      from {rows} left join supersession on supersession.guid = v.guid where true
      on conflict (guid) do update set \(assignments.joined(separator: ", "))
      where (\(before)) is distinct from (\(after))
      returning id, guid
      """, parameters)
  }()

  /// Ends jobs that others did the work of, unless they are completed: that is final.
  static let supersede = SQLStatement(
    """
    update job set state = \(completed), result = 'superseded', superseded_by = supersession.superseded_by,
      last_modified = v.last_modified
    from {rows} join supersession on supersession.guid = v.guid
    where job.guid = v.guid and job.message_state < \(completed) and job.superseded_by is null
    """, [.text("guid"), .integer("last_modified")])

  private static let merged: [(column: String, expression: String)] = {
    let isNewer = wins(over: "job.message_state")
    var result = required.map { ($0.name, "case when \(isNewer) then excluded.\($0.name) else job.\($0.name) end") }
    var provenance: [String] = []
    for (index, column) in optional.map(\.name).enumerated() {
      let known = "((job.provenance >> \(2 * index)) & 3)"
      let isTaken = "(excluded.\(column) is not null and (job.\(column) is null or \(wins(over: known))))"
      result.append((column, "case when \(isTaken) then excluded.\(column) else job.\(column) end"))
      provenance.append(
        "((case when \(isTaken) then excluded.message_state else \(known) end) << \(2 * index))")
    }
    result.append(("provenance", provenance.joined(separator: " | ")))
    // The greater of both: `max` of two values is SQLite's alone.
    let messageState =
      "case when excluded.message_state > job.message_state then excluded.message_state else job.message_state end"
    // One that was superseded meanwhile has it in its row; one that was completed by its own message is not superseded.
    let supersededBy =
      "case when \(messageState) = \(completed) then null else coalesce(job.superseded_by, excluded.superseded_by) end"
    result.append(("message_state", messageState))
    result.append(("superseded_by", supersededBy))
    result.append(("state", state(of: "(\(messageState))", "(\(supersededBy))")))
    result.append(
      (
        "result",
        """
        case when job.message_state = \(completed) then job.result
        else \(Self.result(of: "(\(messageState))", "(\(supersededBy))", "excluded.result")) end
        """
      ))
    return result
  }()

  private static let completed = JobRecord.State.completed.rawValue

  private static func state(of messageState: String, _ supersededBy: String) -> String {
    "case when \(supersededBy) is not null then \(completed) else \(messageState) end"
  }

  private static func result(of messageState: String, _ supersededBy: String, _ result: String) -> String {
    """
    case when \(messageState) = \(completed) then \(result) when \(supersededBy) is not null then 'superseded' \
    else 'unknown' end
    """
  }

  /// Whether the incoming message outranks what was said in `state`.
  static func wins(over state: String) -> String {
    "(excluded.message_state > \(state) or (excluded.message_state = \(state) and excluded.message_state < \(completed)))"
  }
}
