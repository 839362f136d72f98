/// Something that is to be made out of a job's log.
public struct LogWork: Sendable, Hashable {
  /// What is to be made; the raw value is the name of the artifact that it becomes.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The log is to be read: its steps, and which of its lines are errors.
    case summary = "text_log_summary"
    /// The bugs that the errors of a job's logs may be.
    case suggestions = "Bug suggestions"

    /// What a log's column `awaits` stands for; nil for nothing.
    public init?(awaits: Int64?) {
      switch awaits.flatMap(LogRecord.Awaited.init) {
      case .summary: self = .summary
      case .suggestions: self = .suggestions
      case .nothing, nil: return nil
      }
    }
  }

  /// What is to be made.
  public let kind: Kind
  /// The job that it is for.
  public let jobGUID: String
  /// The log that it is made of; of several logs of a job, suggestions name one.
  public let logName: String
  /// Where that log can be read.
  public let logURL: String
}

extension LogRecord {
  /// What is still to be made out of a log: `job_log.awaits`.
  enum Awaited: Int64 {
    case nothing = 0
    /// A summary, and suggestions unless the job has them by then.
    case summary = 1
    /// Suggestions alone.
    case suggestions = 2
  }

  /// Logs that are data for other programs: nobody makes a summary of them.
  private static let dataLogs = ["errorsummary_json", "perfherder-data"]

  /// What a log of a job without suggestions awaits.
  var awaited: Awaited {
    switch parseStatus {
    case .pending: Self.dataLogs.contains(name) ? .nothing : .summary
    case .parsed: hasSummary ? .suggestions : .nothing
    case .error: .nothing
    }
  }
}
