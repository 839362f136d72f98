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
  public internal(set) var repositories = 0
  /// Pushes.
  public internal(set) var pushes = 0
  /// Jobs.
  public internal(set) var jobs = 0
  /// Logs of jobs.
  public internal(set) var logs = 0
  /// Steps of logs.
  public internal(set) var steps = 0
  /// Lines of logs that are errors.
  public internal(set) var errors = 0
  /// Lines of jobs' panels.
  public internal(set) var details = 0
  /// What is attached to jobs.
  public internal(set) var artifacts = 0
  /// Logs of which a summary is to be made.
  public internal(set) var awaitedSummaries = 0
  /// Jobs for which bug suggestions are to be made.
  public internal(set) var awaitedSuggestions = 0
  /// Messages of jobs that wait for their push.
  public internal(set) var waiting = 0
  /// Messages that were no jobs.
  public internal(set) var rejected = 0
  /// How many steps of the schema the database has seen.
  public internal(set) var schemaVersion = 0
  /// What the database takes on its disk, in bytes; a log of SQLite that is yet to be moved into its file not included.
  public internal(set) var size = 0
}

/// What bringing a schema up to date came to.
public struct Migration: Sendable, Hashable {
  /// How many steps the database had seen before.
  public let from: Int
  /// How many it has seen now.
  public let to: Int
}

/// What was deleted since it was old.
public struct ExpiryReport: Sendable, Hashable {
  /// Jobs.
  public internal(set) var jobs = 0
  /// Logs of those jobs, with their steps and errors.
  public internal(set) var logs = 0
  /// Lines of those jobs' panels.
  public internal(set) var details = 0
  /// What was attached to those jobs.
  public internal(set) var artifacts = 0
  /// Pushes without jobs.
  public internal(set) var pushes = 0

  /// Nothing.
  public init() {}
}

/// Something that is wrong with a store.
public struct StoreDefect: Sendable, Hashable, CustomStringConvertible {
  /// What is wrong, where, in one line.
  public let description: String
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
