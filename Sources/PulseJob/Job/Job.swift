/// A job as a message describes it: one run of one task at one moment of its life.
///
/// Holds both generations of the message. What a message leaves out is nil or empty here; nothing is filled in.
public struct Job: Sendable, Hashable {
  /// Where a job stands. Ordered: a job only ever moves up.
  public enum State: String, Sendable, Hashable, CaseIterable, Comparable {
    case unscheduled, pending, running, completed

    /// Whether a job in state `left` can still come into state `right`.
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
  /// The system that scheduled the job.
  public var buildSystem: String
  /// The push that the job was run for.
  public var origin: Origin
  /// How the job is named and grouped.
  public var display: Display
  /// Where the job stands.
  public var state: State
  /// Nil where the message says nothing.
  public var result: Result?
  /// What kind of work it is.
  public var kind: Kind
  /// 1 to 3; nil where the message says nothing.
  public var tier: Int?
  /// The runs that this one did the work of.
  public var coalesced: [String]
  /// When the job was scheduled.
  public var timeScheduled: Timestamp?
  /// When the job was started.
  public var timeStarted: Timestamp?
  /// When the job was completed.
  public var timeCompleted: Timestamp?
  /// Nil where the message says nothing, which is not the same as having none.
  public var labels: [String]?
  /// Who asked for the job, at most 50 code points.
  public var owner: String?
  /// Why the job was run.
  public var reason: String?
  /// The product that was built or tested.
  public var productName: String?
  /// What the job was built for.
  public var buildMachine: Machine?
  /// What the job ran on.
  public var runMachine: Machine?
  /// The links that are shown with the job.
  public var links: [Link]
  /// The job's logs.
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
    /// The job's name.
    public var jobName: String
    /// A few letters; may be empty where a chunk is given.
    public var jobSymbol: String
    /// The name of the group that the job is shown in.
    public var groupName: String?
    /// A few letters for the group.
    public var groupSymbol: String
    /// Which part of a job that is split, from 1.
    public var chunkID: Int?
  }

  /// A machine that a job was built for, or ran on.
  public struct Machine: Sendable, Hashable {
    /// The machine's name.
    public var name: String?
    /// The platform, for example `linux64`.
    public var platform: String
    /// The operating system, for example `linux`.
    public var os: String
    /// The architecture, for example `x86_64`.
    public var architecture: String
  }

  /// A link that is shown with the job.
  public struct Link: Sendable, Hashable {
    /// What the link is about.
    public var label: String
    /// The text that is clicked.
    public var linkText: String
    /// Where it leads; nil only for a link of another shape than the schema asks for.
    public var url: String?
  }

  /// A log of the job.
  public struct Log: Sendable, Hashable {
    /// The log's name, for example `live_backing_log`.
    public var name: String
    /// Where the log can be read.
    public var url: String
    /// Nil where the log was not parsed yet.
    public var steps: [Step]?
    /// Whether there were more errors than the steps hold.
    public var areErrorsTruncated: Bool
  }

  /// A step of a parsed log.
  public struct Step: Sendable, Hashable {
    /// What the step did.
    public var name: String
    /// How it ended.
    public var result: Result
    /// When it began.
    public var timeStarted: Timestamp?
    /// When it ended.
    public var timeFinished: Timestamp?
    /// Its first line in the log.
    public var lineStarted: Int
    /// Its last line in the log.
    public var lineFinished: Int
    /// The lines that say what went wrong.
    public var errors: [LogError]
  }

  /// A line of a log that says what went wrong.
  public struct LogError: Sendable, Hashable {
    /// The line's text.
    public var line: String
    /// The line's number in the log.
    public var lineNumber: Int?
  }

  /// Something attached to a job.
  public struct Artifact: Sendable, Hashable {
    /// The artifact's name.
    public var name: String
    /// Its type, `json` by default.
    public var type: String
    /// The content: as it is for a text, as JSON for anything else.
    public var blob: String
  }
}
