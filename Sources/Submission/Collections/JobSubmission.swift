/// A job, with the push that it belongs to.
public struct JobSubmission: SubmissionElement {
  /// `jobs`.
  public static let endpoint = "jobs"
  /// `job`.
  public static let noun = "job"

  /// The JSON object as it is sent.
  public private(set) var data: SubmissionValue

  /// A job without values, to be filled in; what is left empty is sent empty, as Treeherder's own client does.
  public init() {
    let platform: SubmissionValue = ["os_name": "", "platform": "", "architecture": ""]
    let texts = [
      "job_guid", "name", "desc", "job_symbol", "group_name", "group_symbol", "product_name", "state", "result",
      "reason", "who", "submit_timestamp", "start_timestamp", "end_timestamp", "machine",
    ]
    var job = Dictionary(uniqueKeysWithValues: texts.map { ($0, SubmissionValue.string("")) })
    job["build_platform"] = platform
    job["machine_platform"] = platform
    job["option_collection"] = [:]
    job["log_references"] = []
    job["artifacts"] = []
    data = ["revision": "", "project": "", "job": .object(job), "coalesced": []]
  }

  /// The job of a ready structure.
  public init(_ data: SubmissionValue) { self.data = data }

  /// The inner object, `job`.
  private var job: SubmissionValue {
    get { data["job"] ?? [:] }
    set { data["job"] = newValue }
  }

  /// What it lacks, and what is too long.
  public var problems: [SubmissionProblem] {
    Self.problems(
      in: data,
      by: [
        Self.revisionRule(for: data), PropertyRule("project", .text(limit: nil)), PropertyRule("job", .object),
        PropertyRule("job.job_guid", .text(limit: 50)),
      ])
  }
}

// MARK: The push

extension JobSubmission {
  /// `revision`: the top revision of its push, at most 40 characters; empty where it is not given.
  public var revision: String {
    get { data[text: "revision"] }
    set { data[text: "revision"] = newValue }
  }

  /// `revision_hash`: what older clients send in place of ``revision``, at most 50 characters.
  public var revisionHash: String {
    get { data[text: "revision_hash"] }
    set { data[text: "revision_hash"] = newValue }
  }

  /// `project`: the project that it belongs to.
  public var project: String {
    get { data[text: "project"] }
    set { data[text: "project"] = newValue }
  }

  /// `coalesced`: the guids of the jobs that this one was run in place of.
  public var coalescedGUIDs: [String] {
    get { (data["coalesced"]?.array ?? []).compactMap(\.string) }
    set { data["coalesced"] = .array(newValue.map { .string($0) }) }
  }
}

// MARK: Names

extension JobSubmission {
  /// `job_guid`: what tells it from every other job, at most 50 characters; empty where it is not given.
  public var guid: String {
    get { job[text: "job_guid"] }
    set { job[text: "job_guid"] = newValue }
  }

  /// `name`: the name of its type.
  public var name: String {
    get { job[text: "name"] }
    set { job[text: "name"] = newValue }
  }

  /// `desc`: a description of its type.
  public var jobDescription: String {
    get { job[text: "desc"] }
    set { job[text: "desc"] = newValue }
  }

  /// `job_symbol`: the letters that stand for its type.
  public var symbol: String {
    get { job[text: "job_symbol"] }
    set { job[text: "job_symbol"] = newValue }
  }

  /// `group_name`: the name of the group that it is shown in.
  public var groupName: String {
    get { job[text: "group_name"] }
    set { job[text: "group_name"] = newValue }
  }

  /// `group_symbol`: the letters that stand for its group.
  public var groupSymbol: String {
    get { job[text: "group_symbol"] }
    set { job[text: "group_symbol"] = newValue }
  }

  /// `product_name`: what was built or tested.
  public var productName: String {
    get { job[text: "product_name"] }
    set { job[text: "product_name"] = newValue }
  }
}

// MARK: State

extension JobSubmission {
  /// `state`: for example `pending`, `running` or `completed`.
  public var state: String {
    get { job[text: "state"] }
    set { job[text: "state"] = newValue }
  }

  /// `result`: for example `success`, `testfailed` or `busted`.
  public var result: String {
    get { job[text: "result"] }
    set { job[text: "result"] = newValue }
  }

  /// `reason`: why it was run.
  public var reason: String {
    get { job[text: "reason"] }
    set { job[text: "reason"] = newValue }
  }

  /// `who`: who had it run.
  public var who: String {
    get { job[text: "who"] }
    set { job[text: "who"] = newValue }
  }

  /// `tier`: how much it counts, from 1; nil where it is not given, and then it is not sent.
  public var tier: Int? {
    get { job["tier"]?.integer.map { Int($0) } }
    set { job["tier"] = newValue.map { .integer($0) } }
  }

  /// `submit_timestamp`: when it was asked for, in seconds since 1970-01-01 00:00:00 UTC.
  public var submitTimestamp: Int64? {
    get { job[time: "submit_timestamp"] }
    set { job[time: "submit_timestamp"] = newValue }
  }

  /// `start_timestamp`: when it began, in seconds since 1970-01-01 00:00:00 UTC.
  public var startTimestamp: Int64? {
    get { job[time: "start_timestamp"] }
    set { job[time: "start_timestamp"] = newValue }
  }

  /// `end_timestamp`: when it ended, in seconds since 1970-01-01 00:00:00 UTC.
  public var endTimestamp: Int64? {
    get { job[time: "end_timestamp"] }
    set { job[time: "end_timestamp"] = newValue }
  }
}

// MARK: Where it ran

extension JobSubmission {
  /// An operating system on a kind of machine.
  public struct Platform: Sendable, Hashable {
    /// `os_name`, for example `linux`.
    public var osName: String
    /// `platform`, for example `linux64`.
    public var platform: String
    /// `architecture`, for example `x86_64`.
    public var architecture: String

    /// A platform; what is not known is empty.
    public init(osName: String, platform: String, architecture: String) {
      (self.osName, self.platform, self.architecture) = (osName, platform, architecture)
    }

    init(_ data: SubmissionValue?) {
      self.init(
        osName: data?[text: "os_name"] ?? "", platform: data?[text: "platform"] ?? "",
        architecture: data?[text: "architecture"] ?? "")
    }

    var data: SubmissionValue {
      ["os_name": .string(osName), "platform": .string(platform), "architecture": .string(architecture)]
    }
  }

  /// `machine`: the name of the machine that it ran on.
  public var machine: String {
    get { job[text: "machine"] }
    set { job[text: "machine"] = newValue }
  }

  /// `build_platform`: what it was built on or for.
  public var buildPlatform: Platform {
    get { Platform(job["build_platform"]) }
    set { job["build_platform"] = newValue.data }
  }

  /// `machine_platform`: what it ran on.
  public var machinePlatform: Platform {
    get { Platform(job["machine_platform"]) }
    set { job["machine_platform"] = newValue.data }
  }

  /// `build_url`: where its build is; nil where it is not given, and then it is not sent.
  public var buildURL: String? {
    get { job["build_url"]?.string }
    set { job["build_url"] = newValue.map { .string($0) } }
  }

  /// `option_collection`: the build's options by their labels, for example `opt` or `debug`.
  public var optionCollection: [String: Bool] {
    get {
      guard case .object(let options)? = job["option_collection"] else { return [:] }
      return options.mapValues { $0 == true }
    }
    set { job["option_collection"] = .object(newValue.mapValues { .bool($0) }) }
  }
}

// MARK: Logs and artifacts

extension JobSubmission {
  /// How far a log has been read, which decides what the server makes of it.
  public enum ParseStatus: String, Sendable, Hashable {
    /// The server is to read it.
    case pending
    /// It has been read; what it says comes as artifacts.
    case parsed
    /// Reading it failed.
    case error
  }

  /// Adds a log to `log_references`; without a name or a URL nothing is added.
  public mutating func addLogReference(name: String, url: String, parseStatus: ParseStatus = .pending) {
    guard !name.isEmpty, !url.isEmpty else { return }
    let reference: SubmissionValue = [
      "url": .string(url), "name": .string(name), "parse_status": .string(parseStatus.rawValue),
    ]
    job.append(reference, to: "log_references")
  }

  /// Adds an artifact of this job to `artifacts`; an empty `blob` adds nothing.
  ///
  /// It is sent with the ``guid`` that the job has now: set that first.
  public mutating func addArtifact(name: String, type: String, blob: SubmissionValue) {
    guard !blob.isEmpty else { return }
    job.append(ArtifactSubmission(name: name, type: type, blob: blob, jobGUID: guid).data, to: "artifacts")
  }
}
