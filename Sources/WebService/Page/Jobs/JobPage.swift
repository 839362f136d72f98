import JobStore

/// `/p/<project>/job/<id>`: everything about a job, on a page of its own or in the panel beside the pushes.
enum JobPage {
  /// How many error lines are told at once; the others are in the log viewer.
  private static let shownLines = 5
  /// How many logs, details and artifacts are shown.
  private static let maximumParts = 1000

  private struct View {
    let projectName: String
    let job: String
  }

  @Sendable static func answer(_ question: PageQuestion) async throws -> PageDocument {
    let id = try question.id(of: "job")
    guard let view = try await view(question, ofJob: id, isAlone: !question.isFragment) else {
      throw question.missing("job")
    }
    let job = question.templates.render(view, "job")
    if question.isFragment { return PageDocument(html: job) }
    return question.document(
      title: "\(view.symbol) \(view.jobName): \(view.resultLabel)", here: view.symbol,
      main: question.templates.render(View(projectName: try question.project().name, job: job), "job-page"))
  }

  /// The panel of a job; nil where there is no such job.
  static func panel(_ question: PageQuestion, ofJob id: Int64?) async throws -> String? {
    guard let id, let view = try await view(question, ofJob: id, isAlone: false) else { return nil }
    return question.templates.render(view, "job")
  }

  // MARK: Reading

  private static func view(_ question: PageQuestion, ofJob id: Int64, isAlone: Bool) async throws -> JobView? {
    let (project, store) = (try question.project(), question.store)
    let found = try await store.jobs(
      JobQuery(repository: project.id, filters: [FieldFilter(.id, .equal, .integers([id]))], count: 1))
    guard found.count == 1 else { return nil }
    let job = JobRow(found)
    func parts(_ part: JobPart) async throws -> RowTable {
      try await store.parts(
        part,
        PartQuery(
          repository: project.id, filters: [FieldFilter(.jobID, .equal, .integers([id]))], count: maximumParts))
    }
    let address = WebLink.project(project.name)
    let jobAddress = "\(address)/job/\(id)"
    let pushID = job.integer(.pushID) ?? 0
    var pushes = PushQuery(repository: project.id, count: 1, revisions: 0)
    pushes.filters = [FieldFilter(.id, .equal, .integers([pushID]))]
    let push = try await store.pushes(pushes).pushes
    let revision = push.count == 1 ? push.text(0, PushPage.PushColumn.revision) : nil
    let (start, end) = (job.integer(.startTime), job.integer(.endTime))
    let ran = PageTime.duration(from: start, to: end)
    let (history, historyText) = JobHistoryEntry.strip(
      try await store.history(HistoryQuery(repository: project.id, job: id)), address: address,
      own: JobHistoryEntry(job.appearance, address: jobAddress, revision: revision, took: ran, isThis: true))
    let errors = try await store.errorLines(ofJob: id, count: shownLines + 1)
    let logRows = try await parts(.logs)
    let logs = logs(logRows, jobAddress)
    let details = try await parts(.details)
    let artifacts = try await parts(.artifacts)
    return JobView(
      jobID: id, jobAddress: jobAddress, symbol: symbol(of: job), group: job.text(.jobGroupName),
      jobName: job.text(.jobTypeName) ?? "", letter: "\(job.appearance.letter)", resultLabel: job.appearance.label,
      resultMeaning: job.appearance.meaning, isFailure: job.appearance.isFailure,
      platform: [job.text(.platform) ?? job.text(.buildPlatform) ?? "no platform", job.text(.options)]
        .compactMap { $0 }.joined(separator: " "),
      tierLabel: job.integer(.tier).flatMap { $0 == 1 ? nil : "tier \($0)" },
      pushAddress: "\(address)/push/\(pushID)", pushRevision: revision.map { String($0.prefix(12)) }, ran: ran,
      summary: times(of: job), fields: try await fields(of: job, question),
      lines: (0..<min(errors.count, shownLines)).map { row in
        JobView.Line(
          lineNumber: errors.integer(row, JobSteps.ErrorColumn.lineNumber),
          lineText: errors.text(row, JobSteps.ErrorColumn.line) ?? "")
      },
      hasLines: errors.count > 0,
      linesAddress: (0..<(errors.count > 0 ? logRows.count : 0)).first {
        logRows.integer($0, JobPart.LogColumn.id) == errors.integer(0, JobSteps.ErrorColumn.logID)
      }.flatMap { logs[$0].logViewer },
      logs: logs, hasLogs: !logs.isEmpty,
      details: (0..<details.count).map { JobDetail($0, of: details) }, hasDetails: details.count > 0,
      artifacts: (0..<artifacts.count).map { row in
        JobView.Artifact(
          artifactName: artifacts.text(row, JobPart.ArtifactColumn.name) ?? "",
          artifactType: artifacts.text(row, JobPart.ArtifactColumn.type) ?? "",
          artifactAddress:
            "/api/project/\(WebLink.encoded(project.name))/artifact/\(artifacts.integer(row, JobPart.ArtifactColumn.id) ?? 0)/"
        )
      }, hasArtifacts: artifacts.count > 0, history: history, hasHistory: history.count > 1,
      historyText: historyText, isAlone: isAlone)
  }

  private static func symbol(of job: JobRow) -> String {
    let symbol = job.text(.jobTypeSymbol) ?? "?"
    guard let group = job.text(.jobGroupSymbol), group != MatrixNames.noGroup else { return symbol }
    return "\(group)(\(symbol))"
  }

  private static func times(of job: JobRow) -> [JobView.Field] {
    let (submitted, start, end) = (job.integer(.submitTime), job.integer(.startTime), job.integer(.endTime))
    return [
      .init("Submitted", nil, time: submitted), .init("Started", nil, time: start), .init("Ended", nil, time: end),
      .init("Waited", PageTime.duration(from: submitted, to: start)),
      .init("Took", PageTime.duration(from: start, to: end)),
    ]
  }

  private static func fields(of job: JobRow, _ question: PageQuestion) async throws -> [JobView.Field] {
    let project = try question.project()
    var superseding: String?
    if let guid = job.text(.supersededBy) {
      let other = try await question.store.jobs(
        JobQuery(repository: project.id, filters: [FieldFilter(.guid, .equal, .texts([guid]))], count: 1))
      if other.count == 1 {
        superseding = "\(WebLink.project(project.name))/job/\(JobRow(other).integer(.id) ?? 0)"
      }
    }
    return [
      .init("State", job.state?.name), .init("Result", job.text(.result)),
      .init("Superseded by", job.text(.supersededBy), link: superseding, isCode: true, none: "no other job"),
      .init("Machine", job.text(.machineName)),
      .init(
        "Machine platform",
        job.platform(.machinePlatformOS, .platform, .machinePlatformArchitecture)),
      .init("Build platform", job.platform(.buildOS, .buildPlatform, .buildArchitecture)),
      .init("Options", job.text(.options), none: "none"), .init("Tier", job.integer(.tier).map(String.init)),
      .init("Group", job.text(.jobGroupName), none: "none"),
      .init("Reason", job.text(.reason)), .init("Requested by", job.text(.who)),
      .init("Build system", job.text(.buildSystemType)), .init("Guid", job.text(.guid), isCode: true),
      .init("Signature", job.text(.signature), isCode: true),
      .init("Option hash", job.text(.optionCollectionHash), isCode: true),
      .init("Last changed", nil, time: job.integer(.lastModified)),
      .init(
        "As JSON", "job \(job.integer(.id) ?? 0)",
        link: "/api/project/\(WebLink.encoded(project.name))/jobs/\(job.integer(.id) ?? 0)/"),
    ]
  }

  private static func logs(_ rows: RowTable, _ jobAddress: String) -> [JobView.Log] {
    (0..<rows.count).map { row in
      let name = rows.text(row, JobPart.LogColumn.name) ?? ""
      let url = rows.text(row, JobPart.LogColumn.url)
      let status = rows.integer(row, JobPart.LogColumn.parseStatus).flatMap { LogRecord.ParseStatus(rawValue: Int($0)) }
      let link = WebLink.external(url)
      return JobView.Log(
        logName: name, logViewer: status == .parsed ? "\(jobAddress)/log\(WebLink.query([("name", name)]))" : nil,
        logAddress: link, logText: link == nil ? url : nil, logStatus: LogPage.label(status))
    }
  }
}
