/// What becomes of jobs whose push or repository the store does not know.
public struct LoadPolicy: Sendable, Hashable {
  /// Whether a push that is not known is made from a job's own project and revision; if not, the job waits until its push
  /// arrives.
  public var createsPushes: Bool
  /// Whether a repository is made when its first job comes; if not, jobs of one that is not listed wait.
  public var createsRepositories: Bool

  /// A policy; by default everything is made on first sight.
  public init(createsPushes: Bool = true, createsRepositories: Bool = true) {
    self.createsPushes = createsPushes
    self.createsRepositories = createsRepositories
  }
}

/// What became of a batch.
public struct LoadReport: Sendable, Hashable {
  /// Of each item, in the batch's order.
  public var outcomes: [LoadOutcome]
  /// Jobs that had waited for a push which this batch made.
  public var released: Int

  /// A report.
  public init(outcomes: [LoadOutcome], released: Int = 0) {
    self.outcomes = outcomes
    self.released = released
  }
}
