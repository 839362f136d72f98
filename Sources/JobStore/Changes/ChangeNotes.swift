/// How a transaction tells others, in whatever process, which pushes it changed.
///
/// PostgreSQL hands notifications on when it commits, and to nobody who does not listen. SQLite has nothing of the kind:
/// there the pushes are noted in a table of which the latest rows are kept, and whoever follows looks at it.
enum ChangeNotes {
  /// PostgreSQL's channel.
  static let channel = "drover_changes"
  /// How many notes SQLite keeps: those of some minutes. Whoever looks less often hears that anything may have changed.
  static let kept = 4_096

  /// A notification has less than 8,000 bytes; a number and its comma take 20 at most.
  private static let pushesPerNotification = 300

  private static let note = SQLStatement(
    """
    insert into push_change (push_id, repository_id)
    select push.id, push.repository_id from {rows} join push on push.id = v.id
    """, [.integer("id")])
  private static let forget = SQLStatement(
    "delete from push_change where id <= (select max(id) from push_change) - \(kept)")
  private static let notify = SQLStatement(
    """
    select count(pg_notify('\(channel)', told.text)) from (
      select push.repository_id || ':' || string_agg(push.id::text, ',') as text
      from {rows} join push on push.id = v.id group by push.repository_id) as told
    """, [.integer("id")])
  private static let noted = SQLStatement(
    "select id, push_id, repository_id from push_change where id > {last} order by id", [.integer("last")])
  private static let lastNote = SQLStatement("select coalesce(max(id), 0) from push_change")

  /// Tells of pushes that the transaction has changed.
  static func announce(_ pushes: Set<Int64>, _ dialect: SQLDialect, in session: any SQLSession) throws {
    guard !pushes.isEmpty else { return }
    let ids = pushes.sorted()
    switch dialect {
    case .sqlite:
      _ = try session.run(note, [.integers(ids)])
      _ = try session.run(forget)
    case .postgreSQL:
      for start in stride(from: 0, to: ids.count, by: pushesPerNotification) {
        _ = try session.run(notify, [.integers(Array(ids[start..<min(start + pushesPerNotification, ids.count)]))])
      }
    }
  }

  /// What a notification says; nil for one that is not ours.
  static func change(_ notification: String) -> StoreChange? {
    let parts = notification.split(separator: ":")
    guard parts.count == 2, let repository = Int64(parts[0]) else { return nil }
    let pushes = parts[1].split(separator: ",").map { Int64($0) }
    guard !pushes.isEmpty, !pushes.contains(nil) else { return nil }
    return .pushes(pushes.compactMap(\.self), repository: repository)
  }

  /// The number of the last note.
  static func last(in session: any SQLSession) throws -> Int64 {
    try session.run(lastNote).first?.integer(0) ?? 0
  }

  /// What was noted after the note `last`, and the number of the last note now.
  static func changes(after last: Int64, in session: any SQLSession) throws -> (changes: [StoreChange], last: Int64) {
    // A file in whose place another one was put begins anew.
    let end = try self.last(in: session)
    guard end >= last else { return ([.anything], end) }
    guard end > last else { return ([], last) }
    let rows = try session.run(noted, [.integers([last])])
    guard let first = try rows.first?.integer(0), let end = try rows.last?.integer(0) else { return ([], last) }
    guard first == last + 1 else { return ([.anything], end) }
    var pushes: [Int64: Set<Int64>] = [:]
    for row in rows { pushes[try row.integer(2), default: []].insert(try row.integer(1)) }
    return (pushes.map { .pushes($0.value.sorted(), repository: $0.key) }, end)
  }
}
