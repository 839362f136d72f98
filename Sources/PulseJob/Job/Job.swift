/// A job as a message describes it: one run of one task at one moment of its life.
///
/// Holds both generations of the message. What a message leaves out is nil or empty here; nothing is filled in.
public struct Job: Sendable, Hashable {
  /// Where a job stands. Ordered: a job only ever moves up.
  public enum State: String, Sendable, Hashable, CaseIterable, Comparable {
    case unscheduled, pending, running, completed

    public static func < (left: State, right: State) -> Bool { left.order < right.order }

    private var order: Int {
      switch self {
      case .unscheduled: 0
      case .pending: 1
      case .running: 2
      case .completed: 3
      }
    }
  }

  /// How a job, or a step of its log, ended.
  public enum Result: String, Sendable, Hashable, CaseIterable {
    case success, fail, exception, retry, canceled, superseded, unknown
  }

  /// What kind of work a job does; it decides what a failure is called.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case build, test, other
  }

  /// Identifies the run, at most 50 code points; often `<uuid>/<run>`.
  public var taskID: String
  /// Whether the infrastructure gave this run up and starts another one.
  public var isRetried: Bool
  public var buildSystem: String
  public var origin: Origin
  public var display: Display
  public var state: State
  /// Nil where the message says nothing.
  public var result: Result?
  public var kind: Kind
  /// 1 to 3; nil where the message says nothing.
  public var tier: Int?
  /// The runs that this one did the work of.
  public var coalesced: [String]
  public var timeScheduled: Timestamp?
  public var timeStarted: Timestamp?
  public var timeCompleted: Timestamp?
  /// Nil where the message says nothing, which is not the same as having none.
  public var labels: [String]?
  public var owner: String?
  public var reason: String?
  public var productName: String?
  public var buildMachine: Machine?
  public var runMachine: Machine?
  public var links: [Link]
  public var logs: [Log]
  /// Artifacts of the 2017 generation's `extra`.
  public var artifacts: [Artifact]
}

extension Job {
  /// The push that a job was run for.
  public struct Origin: Sendable, Hashable {
    /// The repository's name.
    public var project: String
    /// The revision, or the `revision_hash` of producers of the 2017 generation.
    public var revision: String
  }

  /// How a job is named and grouped.
  public struct Display: Sendable, Hashable {
    public var jobName: String
    /// A few letters; may be empty where a chunk is given.
    public var jobSymbol: String
    public var groupName: String?
    public var groupSymbol: String
    /// Which part of a job that is split, from 1.
    public var chunkID: Int?
  }

  /// A machine that a job was built for, or ran on.
  public struct Machine: Sendable, Hashable {
    public var name: String?
    public var platform: String
    public var os: String
    public var architecture: String
  }

  /// A link that is shown with the job.
  public struct Link: Sendable, Hashable {
    public var label: String
    public var linkText: String
    public var url: String?
  }

  /// A log of the job.
  public struct Log: Sendable, Hashable {
    public var name: String
    public var url: String
    /// Nil where the log was not parsed yet.
    public var steps: [Step]?
    /// Whether there were more errors than the steps hold.
    public var areErrorsTruncated: Bool
  }

  /// A step of a parsed log.
  public struct Step: Sendable, Hashable {
    public var name: String
    public var result: Result
    public var timeStarted: Timestamp?
    public var timeFinished: Timestamp?
    public var lineStarted: Int
    public var lineFinished: Int
    public var errors: [LogError]
  }

  /// A line of a log that says what went wrong.
  public struct LogError: Sendable, Hashable {
    public var line: String
    public var lineNumber: Int?
  }

  /// Something attached to a job.
  public struct Artifact: Sendable, Hashable {
    public var name: String
    public var type: String
    /// The content: as it is for a text, as JSON for anything else.
    public var blob: String
  }
}
