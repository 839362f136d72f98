/// What became of a repository's jobs, hour by hour: those of the pushes of a window of time.
///
/// A job belongs to the hour of its own last time: its end, else its start, else its submission; where it has none, that
/// of its push. One whose time is not in the window is in none of the hours.
///
/// Percentiles are values that occur: the smallest one that is not below that share of all.
public struct JobTrends: Sendable, Hashable {
  /// Jobs of an hour that have a state and a result in common.
  public struct Outcome: Sendable, Hashable {
    /// Counted from the window's begin, from 0.
    public let hour: Int
    /// Their state.
    public let state: JobRecord.State
    /// Their result.
    public let result: String
    /// How many there are.
    public let jobs: Int
  }

  /// How long after jobs' own last times they were stored last.
  ///
  /// Those that another one superseded do not count, since it is what was stored last. Where a machine's clock is ahead,
  /// it took no time.
  public struct Lag: Sendable, Hashable {
    /// Counted from the window's begin, from 0.
    public let hour: Int
    /// How many jobs say when something happened to them.
    public let jobs: Int
    /// In milliseconds.
    public let median: Int64
    /// The 95th percentile, in milliseconds.
    public let high: Int64
  }

  /// A job type: what jobs are named, without their platforms.
  public struct JobType: Sendable, Hashable {
    /// The type's number.
    public let id: Int64
    /// A few letters.
    public let symbol: String
    /// The name.
    public let name: String
  }

  /// How often jobs of a type failed in an hour: were busted or ended with `testfailed` or `exception`.
  public struct Failures: Sendable, Hashable {
    /// The number of the type.
    public let type: Int64
    /// Counted from the window's begin, from 0.
    public let hour: Int
    /// How many jobs failed or succeeded.
    public let finished: Int
    /// How many of them failed.
    public let failed: Int
  }

  /// How long jobs of a type took from start to end, whether they succeeded or failed.
  public struct Durations: Sendable, Hashable {
    /// The number of the type.
    public let type: Int64
    /// How many jobs say both.
    public let jobs: Int
    /// In milliseconds.
    public let median: Int64
    /// The 95th percentile, in milliseconds.
    public let high: Int64
  }

  /// How many pushes were looked at.
  public internal(set) var pushes = 0
  /// How many jobs were looked at.
  public internal(set) var jobs = 0
  /// How many of them are in none of the hours.
  public internal(set) var outside = 0
  /// Where there was more than was to be looked at: the time of the oldest push that was, in milliseconds since 1970-01-01
  /// 00:00:00 UTC.
  public internal(set) var cutAt: Int64?
  /// By hour, then by state and result.
  public internal(set) var outcomes: [Outcome] = []
  /// By hour; hours without such jobs are left out.
  public internal(set) var lags: [Lag] = []
  /// The types with the most failures, the worst first, each by hour; hours without such jobs are left out.
  public internal(set) var failures: [Failures] = []
  /// The types with the largest medians, the largest first.
  public internal(set) var durations: [Durations] = []
  /// The types that failures and durations refer to, by number.
  public internal(set) var types: [Int64: JobType] = [:]

  /// Of no jobs.
  init() {}
}

/// Whose jobs are asked for, from when to when.
public struct TrendsQuery: Sendable, Hashable {
  /// The repository's number.
  public var repository: Int64
  /// The window's begin, in milliseconds since 1970-01-01 00:00:00 UTC.
  public var begin: Int64
  /// How many hours the window has.
  public var hours: Int
  /// How many jobs are looked at, at most: those of the latest pushes, whole pushes wherever one does not have more than
  /// that alone.
  public var maximumJobs: Int
  /// Of how many job types failures are told.
  public var failingTypes: Int
  /// Of how many job types durations are told.
  public var slowTypes: Int

  /// A query.
  public init(
    repository: Int64, begin: Int64, hours: Int, maximumJobs: Int = 200_000, failingTypes: Int = 6, slowTypes: Int = 10
  ) {
    self.repository = repository
    self.begin = begin
    self.hours = hours
    self.maximumJobs = maximumJobs
    self.failingTypes = failingTypes
    self.slowTypes = slowTypes
  }

  /// The window's end.
  var end: Int64 { begin + Int64(hours) * 3_600_000 }
}
