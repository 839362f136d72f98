/// A push with its jobs counted.
public struct PushSummary: Sendable, Hashable {
  /// How many jobs are in a state, with a result.
  public struct Count: Sendable, Hashable {
    public let state: JobRecord.State
    public let result: String
    public let jobs: Int
  }

  public let repository: String
  public let revision: String
  /// By state, then by result.
  public let counts: [Count]
}

/// How much a store holds.
public struct StoreCounts: Sendable, Hashable {
  public let repositories: Int
  public let pushes: Int
  public let jobs: Int
  public let logs: Int
  /// Jobs that wait for their push.
  public let waiting: Int
  /// Messages that were no jobs.
  public let rejected: Int
}

/// A binding that a listener made.
public struct BindingRecord: Sendable, Hashable {
  public let exchange: String
  public let routingKey: String

  /// A binding to `exchange` under `routingKey`.
  public init(exchange: String, routingKey: String) {
    self.exchange = exchange
    self.routingKey = routingKey
  }
}
