/// A log of a job; a job has one of each name and URL.
public struct LogRecord: Sendable, Hashable, Codable {
  /// Whether somebody has read the log yet.
  public enum ParseStatus: Int, Sendable, Hashable, Codable {
    case pending = 0
    case parsed = 1
    /// Somebody has tried to, and could not.
    case error = 2

    /// Of two that are told of one log the higher one counts: one that could not be read may be tried again.
    var rank: Int {
      switch self {
      case .pending: 0
      case .error: 1
      case .parsed: 2
      }
    }
  }

  /// A step of a parsed log. Lines count from the log's first.
  public struct Step: Sendable, Hashable, Codable {
    /// What the step did.
    public var name: String
    /// How it ended, in the store's words.
    public var result: String
    /// Milliseconds since 1970-01-01 00:00:00 UTC.
    public var started: Int64?
    /// Milliseconds since 1970-01-01 00:00:00 UTC.
    public var finished: Int64?
    /// The step's first line in the log.
    public var firstLine: Int
    /// The step's last line in the log.
    public var lastLine: Int
    /// The lines that say what went wrong, in their order.
    public var errors: [LineError]

    /// A step.
    public init(
      name: String, result: String, started: Int64?, finished: Int64?, firstLine: Int, lastLine: Int,
      errors: [LineError]
    ) {
      self.name = name
      self.result = result
      self.started = started
      self.finished = finished
      self.firstLine = firstLine
      self.lastLine = lastLine
      self.errors = errors
    }
  }

  /// A line that says what went wrong.
  public struct LineError: Sendable, Hashable, Codable {
    /// The line's text.
    public var line: String
    /// The line's number in the log, where the producer says it.
    public var lineNumber: Int?

    /// A line with its number.
    public init(line: String, lineNumber: Int?) {
      self.line = line
      self.lineNumber = lineNumber
    }
  }

  /// The log's name, for example `live_backing_log`.
  public var name: String
  /// Where the log can be read, up to 512 characters.
  public var url: String
  /// Whether the log is still to be parsed.
  public var parseStatus: ParseStatus
  /// Empty where the log was not parsed.
  public var steps: [Step]
  /// Whether there were more errors than the steps hold.
  public var areErrorsTruncated: Bool
  /// Whether its summary comes with it; a log may be called parsed without one.
  public var hasSummary: Bool

  /// A log; without steps it is still to be parsed.
  ///
  /// - Parameter hasSummary: by default whether it is parsed.
  public init(
    name: String, url: String, parseStatus: ParseStatus = .pending, steps: [Step] = [],
    areErrorsTruncated: Bool = false, hasSummary: Bool? = nil
  ) {
    self.name = name
    self.url = url
    self.parseStatus = parseStatus
    self.steps = steps
    self.areErrorsTruncated = areErrorsTruncated
    self.hasSummary = hasSummary ?? (parseStatus == .parsed)
  }
}
