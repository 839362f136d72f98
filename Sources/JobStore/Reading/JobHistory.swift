/// The columns of a job's history: jobs of the same signature.
public enum HistoryColumn: Int, Sendable {
  case id, pushID, revision
  /// In milliseconds since 1970-01-01 00:00:00 UTC.
  case pushTime
  /// The number of a ``JobRecord/State``.
  case state
  case result
  /// In milliseconds since 1970-01-01 00:00:00 UTC.
  case startTime
  /// In milliseconds since 1970-01-01 00:00:00 UTC.
  case endTime
}

/// Which jobs of the same signature are asked for.
public struct HistoryQuery: Sendable, Hashable {
  /// The repository's number.
  public var repository: Int64
  /// The number of the job whose history it is.
  public var job: Int64
  /// In how many pushes is looked for them: the job's own and those right before it.
  ///
  /// Every job of those pushes is looked at.
  public var pushes: Int
  /// How many are returned, at most.
  public var count: Int

  /// A query.
  public init(repository: Int64, job: Int64, pushes: Int = 30, count: Int = 20) {
    self.repository = repository
    self.job = job
    self.pushes = pushes
    self.count = count
  }
}
