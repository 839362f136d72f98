/// What somebody who has read a log says of it.
public struct LogSummary: Sendable, Hashable, Codable {
  /// The name of the log that it is of.
  public var logName: String
  /// Where the log can be read; nil where that is not said.
  public var logURL: String?
  /// The log's steps, in their order.
  public var steps: [LogRecord.Step]
  /// Whether there were more errors than the steps hold.
  public var areErrorsTruncated: Bool

  /// A log's name where the summary does not say it, as Treeherder's first logs were called.
  public static let defaultLogName = "buildbot_text"

  /// A summary.
  public init(
    logName: String = defaultLogName, logURL: String? = nil, steps: [LogRecord.Step] = [],
    areErrorsTruncated: Bool = false
  ) {
    self.logName = logName
    self.logURL = logURL
    self.steps = steps
    self.areErrorsTruncated = areErrorsTruncated
  }
}
