/// A job as it is stored: what one message contributes to it.
///
/// Nil is what the message does not say. Times are milliseconds since 1970-01-01 00:00:00 UTC.
public struct JobRecord: Sendable, Hashable, Codable {
  /// Where a job stands; the numbers are stored, and their order is the order of the merge.
  public enum State: Int, Sendable, Hashable, Codable, CaseIterable {
    case unscheduled = 0
    case pending = 1
    case running = 2
    case completed = 3

    /// The state's name in messages and in the API.
    public var name: String { "\(self)" }
  }

  /// Operating system, platform and architecture.
  public struct Platform: Sendable, Hashable, Codable {
    public var os: String
    public var platform: String
    public var architecture: String

    /// A platform.
    public init(os: String, platform: String, architecture: String) {
      self.os = os
      self.platform = platform
      self.architecture = architecture
    }
  }

  /// The repository's name.
  public var repository: String
  /// The push's revision: whole, or a prefix that is not ambiguous.
  public var revision: String
  /// Identifies the job.
  public var guid: String
  public var state: State
  /// `unknown` until the job is completed.
  public var result: String
  public var name: String
  public var symbol: String
  public var groupName: String?
  public var groupSymbol: String
  public var buildSystem: String
  /// Names what is the same job in every push: a SHA-1 in hexadecimal.
  public var signature: String
  public var product: String?
  public var reason: String?
  public var who: String?
  /// 1 to 3.
  public var tier: Int?
  public var submitTime: Int64?
  public var startTime: Int64?
  public var endTime: Int64?
  public var buildPlatform: Platform?
  public var machinePlatform: Platform?
  public var machine: String?
  /// The labels, in the message's order.
  public var options: [String]?
  /// Names the set of labels: a SHA-1 in hexadecimal.
  public var optionHash: String?
  /// The task's id in its short form, where the guid holds one.
  public var taskID: String?
  /// Which run of the task it is, where the guid says so.
  public var retryID: Int?

  public var logs: [LogRecord] = []
  public var details: [DetailRecord] = []
  public var artifacts: [ArtifactRecord] = []
  /// The guids of jobs that this one did the work of.
  public var superseded: [String] = []

  /// A job with what every message says.
  public init(
    repository: String, revision: String, guid: String, state: State, result: String, name: String, symbol: String,
    groupSymbol: String, buildSystem: String, signature: String
  ) {
    self.repository = repository
    self.revision = revision
    self.guid = guid
    self.state = state
    self.result = result
    self.name = name
    self.symbol = symbol
    self.groupSymbol = groupSymbol
    self.buildSystem = buildSystem
    self.signature = signature
  }
}
