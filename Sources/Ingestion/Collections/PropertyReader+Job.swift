import JSON
import JobStore

extension PropertyReader {
  /// The longest guid of a job, in code points.
  static let guidLength = 50
  /// A URL is kept up to the length that messages may have.
  private static let urlLength = 512
  /// The build system of jobs that do not name theirs, as in Treeherder: nobody else submitted over HTTP.
  private static let defaultBuildSystem = "buildbot"
  private static let unknown = "unknown"
  /// How a job can end, in the store's words.
  private static let results: Set<String> = [
    "success", "testfailed", "busted", "exception", "retry", "usercancel", "superseded", "skipped", unknown,
  ]

  /// A job with everything that belongs to it. Lengths are those that messages may have.
  mutating func job(_ value: JSONValue, for repository: String) -> JobRecord? {
    let push = pushName(of: value)
    if let project = text("project", of: value, isRequired: true), project != repository {
      fail("is another project than the one that was posted to", at: "project")
    }
    let coalesced = guids("coalesced", of: value)
    guard var record = object("job", of: value, isRequired: true, { $0.job(inside: $1, repository, push ?? "") }),
      push != nil
    else { return nil }
    record.superseded = coalesced
    return record
  }

  private mutating func job(inside value: JSONValue, _ repository: String, _ push: String) -> JobRecord? {
    let guid = text("job_guid", of: value, limit: Self.guidLength, isRequired: true)
    let name = text("name", of: value, limit: 140) ?? Self.unknown
    let symbol = text("job_symbol", of: value, limit: 25) ?? "?"
    let groupName = text("group_name", of: value, limit: 255)
    let groupSymbol = text("group_symbol", of: value, limit: 25) ?? "?"
    let buildSystem = text("build_system_type", of: value, limit: 25) ?? Self.defaultBuildSystem
    let (state, result) = stateAndResult(of: value)
    let build = platform("build_platform", of: value)
    let machine = platform("machine_platform", of: value)
    let options = options(of: value)
    let optionHash = OptionCollection.hash(of: options ?? [])
    var record = JobRecord(
      repository: repository, revision: push, guid: guid ?? "", state: state, result: result, name: name,
      symbol: symbol, groupSymbol: groupSymbol, buildSystem: buildSystem,
      signature: JobSignature(
        buildSystem: buildSystem, repository: repository, build: build ?? machine, machine: machine ?? build,
        groupName: groupName ?? Self.unknown, groupSymbol: groupSymbol, jobName: name, jobSymbol: symbol,
        optionHash: optionHash
      ).hash)
    record.groupName = groupName
    record.product = text("product_name", of: value, limit: 125)
    record.reason = text("reason", of: value, limit: 125)
    record.who = text("who", of: value).map { String($0.unicodeScalars.prefix(50)) }
    record.tier = integer("tier", of: value, in: 1...3)
    record.submitTime = time("submit_timestamp", of: value)
    record.startTime = time("start_timestamp", of: value)
    record.endTime = time("end_timestamp", of: value)
    record.buildPlatform = build ?? machine
    record.machinePlatform = machine ?? build
    record.machine = text("machine", of: value, limit: 255)
    record.options = options
    record.optionHash = options == nil ? nil : optionHash
    if let guid, let run = TaskRun(guid: guid) {
      record.taskID = run.slug
      record.retryID = run.retry
    }
    record.logs = list("log_references", of: value) { $0.log($1) }
    if let url = text("build_url", of: value) {
      record.details.append(DetailRecord(title: "build_url", value: url, url: url))
    }
    for artifact in artifacts("artifacts", of: value, guid) + artifacts("artifact", of: value, guid) {
      record.artifacts.append(artifact.record)
      record.details += artifact.details
    }
    return record
  }

  /// A job that does not say where it stands is pending, unless it has a result.
  private mutating func stateAndResult(of value: JSONValue) -> (JobRecord.State, String) {
    var result = text("result", of: value) ?? Self.unknown
    // The word of the oldest producers.
    if result == "coalesced" { result = "superseded" }
    if !Self.results.contains(result) {
      fail("is none of \(Self.results.sorted().joined(separator: ", "))", at: "result")
    }
    guard let word = text("state", of: value) else {
      return result == Self.unknown ? (.pending, result) : (.completed, result)
    }
    guard let state = JobRecord.State.allCases.first(where: { $0.name == word }) else {
      fail("is none of \(JobRecord.State.allCases.map(\.name).joined(separator: ", "))", at: "state")
      return (.pending, Self.unknown)
    }
    return (state, state == .completed ? result : Self.unknown)
  }

  private mutating func platform(_ key: StaticString, of value: JSONValue) -> JobRecord.Platform? {
    object(key, of: value) { reader, value in
      let os = reader.text("os_name", of: value, limit: 100)
      let platform = reader.text("platform", of: value, limit: 100)
      let architecture = reader.text("architecture", of: value, limit: 100)
      // Clients send the object with nothing in it where they know nothing.
      guard os != nil || platform != nil || architecture != nil else { return nil }
      return JobRecord.Platform(
        os: os ?? Self.unknown, platform: platform ?? Self.unknown, architecture: architecture ?? Self.unknown)
    }
  }

  /// The labels that are true, sorted; nil where nothing is said of any.
  private mutating func options(of value: JSONValue) -> [String]? {
    object("option_collection", of: value) { reader, value in
      var labels: [String] = []
      guard let members = value.members else { return nil }
      for member in members where !member.value.isNothing {
        // Names of members hold no U+0000: the parser refuses them.
        if member.key.count > 0 { labels.append(String(member.key)) } else { reader.fail("has an empty label") }
      }
      // They are the key of a row together.
      if labels.reduce(0, { $0 + $1.utf8.count + 1 }) > 1_000 { reader.fail("has labels of more than 1000 bytes") }
      return labels.sorted()
    }
  }

  private mutating func guids(_ key: StaticString, of value: JSONValue) -> [String] {
    guard let member = member(key, of: value) else { return [] }
    guard let elements = member.elements else {
      fail("is \(member.noun), a list is asked", at: key)
      return []
    }
    var guids: [String] = []
    for element in elements {
      guard element.utf8 != nil, !element.isNothing else {
        fail("holds something that is no job's guid", at: key)
        continue
      }
      if let guid = within(key, { $0.storable(element, limit: Self.guidLength) }) { guids.append(guid) }
    }
    return guids
  }

  private mutating func log(_ value: JSONValue) -> LogRecord? {
    let name = text("name", of: value, limit: 255, isRequired: true)
    let url = text("url", of: value, limit: Self.urlLength, isRequired: true)
    var status = LogRecord.ParseStatus.pending
    switch text("parse_status", of: value) {
    case nil, "pending": break
    case "parsed": status = .parsed
    case "error": status = .error
    default: fail("is none of pending, parsed, error", at: "parse_status")
    }
    guard let name, let url else { return nil }
    // Its summary comes as an artifact, if at all.
    return LogRecord(name: name, url: url, parseStatus: status, hasSummary: false)
  }

  /// Artifacts inside of a job: a list, or a single one.
  private mutating func artifacts(
    _ key: StaticString, of value: JSONValue, _ guid: String?
  ) -> [SubmittedArtifact] {
    func read(_ reader: inout PropertyReader, _ value: JSONValue) -> SubmittedArtifact? {
      if let own = reader.text("job_guid", of: value), own != guid {
        reader.fail("is another job than the one that the artifact is in", at: "job_guid")
      }
      return reader.artifact(value)
    }
    if value[key]?.kind == .object { return object(key, of: value, read).map { [$0] } ?? [] }
    return list(key, of: value, read)
  }
}
