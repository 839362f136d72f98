/// What the faults' listeners are sent, by number: whatever is lost or stored twice can be told from the counts alone.
enum NumberedJob {
  /// The push that the store knows.
  static let revision = "ba0d49136409ae56d053e5873d34a305eeb6f770"
  /// One that never arrives.
  private static let unknownRevision = "0000000000000000000000000000000000000001"

  /// The messages of a job: every eighth is none, every eighth waits, and the others live through three states.
  static func messages(_ number: Int) -> [String] {
    switch number % 8 {
    case 0: [#"{"number": \#(number), "#]
    case 1: [message(number, "completed", unknownRevision)]
    default: ["pending", "running", "completed"].map { message(number, $0, revision) }
    }
  }

  private static func message(_ number: Int, _ state: String, _ revision: String) -> String {
    let log = #"{"name": "\#(state)", "url": "https://example.org/\#(number)/\#(state)"\#(steps(state))}"#
    return """
      {"taskId": "job-\(number)", "buildSystem": "ci", "state": "\(state)", "jobKind": "build", "version": 1,
       "origin": {"project": "orchard", "revision": "\(revision)"}, "owner": "\(state)",
       "display": {"jobName": "build \(number % 50)", "jobSymbol": "B", "groupSymbol": "?"},\
       \(state == "completed" ? #""result": "success","# : "")
       "logs": [\(log)],
       "jobInfo": {"links": [{"url": "https://example.org/\(number)", "linkText": "\(state)", "label": "artifact"}]}}
      """
  }

  private static func steps(_ state: String) -> String {
    guard state == "completed" else { return "" }
    return """
      , "steps": [{"name": "make", "result": "success", "timeStarted": "2026-11-21T00:00:00Z",
        "timeFinished": "2026-11-21T00:00:01Z", "lineStarted": 0, "lineFinished": 9,
        "errors": [{"line": "one", "linenumber": 1}, {"line": "two", "linenumber": 2}]}], "errorsTruncated": false
      """
  }

  /// What a store has to hold when the first `count` jobs have arrived.
  static func account(_ count: Int) -> StoreAccount {
    let rejected = (0..<count).count { $0 % 8 == 0 }
    let waiting = (0..<count).count { $0 % 8 == 1 }
    let stored = count - rejected - waiting
    return StoreAccount(
      jobs: stored, completed: stored, logs: 3 * stored, steps: stored, errors: 2 * stored, details: 3 * stored,
      waiting: waiting, rejected: rejected)
  }
}
