import JobStore

/// How a job looks: by its state until it is completed, then by its result.
///
/// The order is that of bars and counts: what needs attention first.
enum JobAppearance: Int, CaseIterable {
  case busted, testFailed, exception, running, pending, unscheduled, retry, userCanceled, superseded, unknown, success

  init(state: JobRecord.State?, result: String) {
    switch state {
    case .unscheduled: self = .unscheduled
    case .pending: self = .pending
    case .running: self = .running
    case .completed, nil:
      self =
        switch result {
        case "success": .success
        case "testfailed": .testFailed
        case "busted": .busted
        case "exception": .exception
        case "retry": .retry
        case "usercancel": .userCanceled
        case "superseded": .superseded
        default: .unknown
        }
    }
  }

  /// One of a job's row.
  init(state: Int64?, result: UnsafeBufferPointer<UInt8>?) {
    self.init(
      state: state.flatMap { JobRecord.State(rawValue: Int($0)) },
      result: result.map { String(decoding: $0, as: UTF8.self) } ?? "")
  }

  /// The style sheet's class: a letter, since there is one for each job of a page.
  var letter: StaticString {
    switch self {
    case .busted: "b"
    case .testFailed: "f"
    case .exception: "x"
    case .running: "r"
    case .pending: "p"
    case .unscheduled: "u"
    case .retry: "t"
    case .userCanceled: "c"
    case .superseded: "o"
    case .unknown: "n"
    case .success: "s"
    }
  }

  /// What a person reads.
  var label: String {
    switch self {
    case .busted: "busted"
    case .testFailed: "test failed"
    case .exception: "exception"
    case .running: "running"
    case .pending: "pending"
    case .unscheduled: "unscheduled"
    case .retry: "retried"
    case .userCanceled: "cancelled"
    case .superseded: "superseded"
    case .unknown: "no result"
    case .success: "success"
    }
  }

  /// What it means, for the help.
  var meaning: String {
    switch self {
    case .busted: "a build or a task failed"
    case .testFailed: "a test failed"
    case .exception: "the infrastructure failed, not the job"
    case .running: "is being run"
    case .pending: "waits for a machine"
    case .unscheduled: "is not to be run yet"
    case .retry: "was given up and is run again"
    case .userCanceled: "somebody cancelled it"
    case .superseded: "a later job did its work"
    case .unknown: "is completed, and nobody said how"
    case .success: "all is well"
    }
  }

  /// Whether somebody has to look at it.
  var isFailure: Bool { self == .busted || self == .testFailed || self == .exception }

  /// Whether it is folded away at the end of its group: another job tells what became of it.
  var isFolded: Bool { self == .superseded || self == .retry }

  /// Whether nothing will change any more.
  var isCompleted: Bool { self != .running && self != .pending && self != .unscheduled }
}
