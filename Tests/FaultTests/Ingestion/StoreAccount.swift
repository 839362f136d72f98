@testable import JobStore

/// How much a store holds of everything.
struct StoreAccount: Equatable, CustomStringConvertible {
  var jobs = 0
  /// Those whose completed message is the one that counts.
  var completed = 0
  var logs = 0
  var steps = 0
  var errors = 0
  var details = 0
  var waiting = 0
  var rejected = 0

  /// What became of messages, one way or another.
  var total: Int { jobs + waiting + rejected }

  var description: String {
    """
    \(jobs) jobs (\(completed) completed) with \(logs) logs, \(steps) steps, \(errors) errors and \(details) details, \
    \(waiting) waiting, \(rejected) rejected
    """
  }
}

extension DatabaseStore {
  /// Counts everything, in one statement and therefore at one moment.
  func account() async throws -> StoreAccount {
    let query = """
      select (select count(*) from job),
        (select count(*) from job where state = 3 and result = 'success' and who = 'completed'),
        (select count(*) from job_log), (select count(*) from log_step), (select count(*) from log_error),
        (select count(*) from job_detail), (select count(*) from waiting_job), (select count(*) from rejected_message)
      """
    let rows = try await engine.read { session in
      try session.run(SQLStatement(query)).map { row in
        row.values.map { if case .integer(let count) = $0 { Int(count) } else { -1 } }
      }
    }
    let row = rows[0]
    return StoreAccount(
      jobs: row[0], completed: row[1], logs: row[2], steps: row[3], errors: row[4], details: row[5], waiting: row[6],
      rejected: row[7])
  }
}
