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
    public var name: String {
      switch self {
      case .unscheduled: "unscheduled"
      case .pending: "pending"
      case .running: "running"
      case .completed: "completed"
      }
    }
  }

  /// Operating system, platform and architecture.
  public struct Platform: Sendable, Hashable, Codable {
    /// The operating system, for example `linux`.
    public var os: String
    /// The platform, for example `linux64`.
    public var platform: String
    /// The architecture, for example `x86_64`.
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
  /// Where the job stands.
  public var state: State
  /// `unknown` until the job is completed.
  public var result: String
  /// The job's name.
  public var name: String
  /// A few letters for the job, its chunk's number included.
  public var symbol: String
  /// The name of the group that the job is shown in.
  public var groupName: String?
  /// A few letters for the group; `?` stands for none.
  public var groupSymbol: String
  /// The system that scheduled the job.
  public var buildSystem: String
  /// Names what is the same job in every push: a SHA-1 in hexadecimal.
  public var signature: String
  /// The product that was built or tested.
  public var product: String?
  /// Why the job was run.
  public var reason: String?
  /// Who asked for the job.
  public var who: String?
  /// 1 to 3.
  public var tier: Int?
  /// When the job was scheduled.
  public var submitTime: Int64?
  /// When the job was started.
  public var startTime: Int64?
  /// When the job was completed.
  public var endTime: Int64?
  /// What the job was built for.
  public var buildPlatform: Platform?
  /// What the job ran on.
  public var machinePlatform: Platform?
  /// The machine's name.
  public var machine: String?
  /// The labels, in the message's order.
  public var options: [String]?
  /// Names the set of labels: a SHA-1 in hexadecimal.
  public var optionHash: String?
  /// The task's id in its short form, where the guid holds one.
  public var taskID: String?
  /// Which run of the task it is, where the guid says so.
  public var retryID: Int?

  /// The job's logs.
  public var logs: [LogRecord] = []
  /// The lines of the job's panel.
  public var details: [DetailRecord] = []
  /// What is attached to the job.
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
