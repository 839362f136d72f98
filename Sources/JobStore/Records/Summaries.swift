/// A push with its jobs counted.
public struct PushSummary: Sendable, Hashable {
  /// How many jobs are in a state, with a result.
  public struct Count: Sendable, Hashable {
    /// The state that is counted.
    public let state: JobRecord.State
    /// The result that is counted.
    public let result: String
    /// How many jobs have both.
    public let jobs: Int
  }

  /// The repository's name.
  public let repository: String
  /// The push's revision.
  public let revision: String
  /// By state, then by result.
  public internal(set) var counts: [Count]
}

/// How much a store holds.
public struct StoreCounts: Sendable, Hashable {
  /// Repositories.
  public let repositories: Int
  /// Pushes.
  public let pushes: Int
  /// Jobs.
  public let jobs: Int
  /// Logs of jobs.
  public let logs: Int
  /// Jobs that wait for their push.
  public let waiting: Int
  /// Messages that were no jobs.
  public let rejected: Int
}

/// A binding that a listener made.
public struct BindingRecord: Sendable, Hashable {
  /// The exchange that the queue is bound to.
  public let exchange: String
  /// The binding key.
  public let routingKey: String

  /// A binding to `exchange` under `routingKey`.
  public init(exchange: String, routingKey: String) {
    self.exchange = exchange
    self.routingKey = routingKey
  }
}
