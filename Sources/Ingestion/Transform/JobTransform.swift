import JobStore
import PulseJob

/// From a message to what is stored of it: Treeherder's mapping.
enum JobTransform {
  static func record(of job: Job) -> JobRecord {
    let symbol = job.display.jobSymbol + (job.display.chunkID.map(String.init) ?? "")
    let optionHash = OptionCollection.hash(of: job.labels ?? [])
    let build = (job.buildMachine ?? job.runMachine).map(platform)
    let machine = (job.runMachine ?? job.buildMachine).map(platform)
    var record = JobRecord(
      repository: job.origin.project, revision: job.origin.revision, guid: job.taskID, state: state(of: job),
      result: result(of: job), name: job.display.jobName, symbol: symbol, groupSymbol: job.display.groupSymbol,
      buildSystem: job.buildSystem,
      signature: JobSignature(
        buildSystem: job.buildSystem, repository: job.origin.project, build: build, machine: machine,
        groupName: job.display.groupName ?? "unknown", groupSymbol: job.display.groupSymbol,
        jobName: job.display.jobName, jobSymbol: symbol, optionHash: optionHash
      ).hash)
    record.groupName = job.display.groupName
    record.product = job.productName
    record.reason = job.reason
    record.who = job.owner
    record.tier = job.tier
    record.submitTime = job.timeScheduled?.millisecondsSince1970
    record.startTime = job.timeStarted?.millisecondsSince1970
    record.endTime = job.timeCompleted?.millisecondsSince1970
    record.buildPlatform = build
    record.machinePlatform = machine
    record.machine = job.buildMachine?.name ?? job.runMachine?.name
    record.options = job.labels
    record.optionHash = job.labels == nil ? nil : optionHash
    if let run = TaskRun(guid: job.taskID) {
      record.taskID = run.slug
      record.retryID = run.retry
    }
    record.logs = logs(of: job)
    record.details = job.links.map { DetailRecord(title: $0.label, value: $0.linkText, url: $0.url) }
    record.artifacts = job.artifacts.map { ArtifactRecord(name: $0.name, type: $0.type, blob: $0.blob) }
    record.superseded = job.coalesced
    return record
  }

  private static func state(of job: Job) -> JobRecord.State {
    switch job.state {
    case .unscheduled: .unscheduled
    case .pending: .pending
    case .running: .running
    case .completed: .completed
    }
  }

  private static func result(of job: Job) -> String {
    guard job.state == .completed else { return "unknown" }
    return job.isRetried ? "retry" : word(for: job.result ?? .unknown, kind: job.kind)
  }

  /// The store's word for a result: a failed test and a failed build have different ones.
  private static func word(for result: Job.Result, kind: Job.Kind) -> String {
    switch result {
    case .canceled: "usercancel"
    case .fail: kind == .test ? "testfailed" : "busted"
    case .success, .exception, .retry, .superseded, .unknown: result.rawValue
    }
  }

  private static func platform(of machine: Job.Machine) -> JobRecord.Platform {
    JobRecord.Platform(os: machine.os, platform: machine.platform, architecture: machine.architecture)
  }

  private static func logs(of job: Job) -> [LogRecord] {
    let logs = job.logs.map { log in
      LogRecord(
        name: log.name, url: log.url, parseStatus: log.steps == nil ? .pending : .parsed,
        steps: (log.steps ?? []).map { step(of: $0, kind: job.kind) }, areErrorsTruncated: log.areErrorsTruncated)
    }
    return logs + job.links.flatMap(logs(of:))
  }

  private static func logs(of link: Job.Link) -> [LogRecord] {
    guard let url = link.url else { return [] }
    var logs: [LogRecord] = []
    // Bytes: what looks for characters takes longer than the rest of the mapping.
    if link.linkText.utf8.hasSuffix("_errorsummary.log") { logs.append(LogRecord(name: "errorsummary_json", url: url)) }
    if url.utf8.hasSuffix(".json"), url.contains("perfherder-data") {
      logs.append(LogRecord(name: "perfherder-data", url: url))
    }
    return logs
  }

  private static func step(of step: Job.Step, kind: Job.Kind) -> LogRecord.Step {
    LogRecord.Step(
      name: step.name, result: word(for: step.result, kind: kind),
      started: step.timeStarted?.millisecondsSince1970, finished: step.timeFinished?.millisecondsSince1970,
      firstLine: step.lineStarted, lastLine: step.lineFinished,
      errors: step.errors.map { LogRecord.LineError(line: $0.line, lineNumber: $0.lineNumber) })
  }
}

extension String.UTF8View {
  fileprivate func hasSuffix(_ suffix: StaticString) -> Bool {
    guard count >= suffix.utf8CodeUnitCount else { return false }
    return self.suffix(suffix.utf8CodeUnitCount)
      .elementsEqual(UnsafeBufferPointer(start: suffix.utf8Start, count: suffix.utf8CodeUnitCount))
  }
}
