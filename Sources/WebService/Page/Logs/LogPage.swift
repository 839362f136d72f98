import JobStore

/// `/p/<project>/job/<id>/log?name=…`: the steps of a parsed log, with the lines that say what went wrong.
enum LogPage {
  /// How many error lines are shown of a job's logs; a page of more is of no use.
  static let maximumLines = 5000

  struct Line {
    let lineNumber: Int64?
    let lineText: String
  }

  struct Step {
    let stepNumber: Int64
    let stepName: String
    let stepLetter: String
    let stepLabel: String
    let isFailure: Bool
    let started: PageTime?
    let took: String?
    let range: String
    let stepLines: [Line]
    let hasLines: Bool
    let lineCount: Int
  }

  struct Log {
    let logID: Int64
    let logName: String
    let logAddress: String?
    let logText: String?
    let logStatus: String
    let isParsed: Bool
    let isTruncated: Bool
    let steps: [Step]
    let hasSteps: Bool
    let summary: String
    let firstFailure: Int64?
  }

  struct Tab {
    let tabName: String
    let tabAddress: String
    let isCurrent: Bool
  }

  private struct View {
    let jobAddress: String
    let symbol: String
    let jobName: String
    let letter: String
    let resultLabel: String
    let pushAddress: String
    let tabs: [Tab]
    let hasTabs: Bool
    let logs: [Log]
    let missing: String?
    let isCut: Bool
    let maximum: Int
  }

  /// What a log's status says.
  static func label(_ status: LogRecord.ParseStatus?) -> String {
    switch status {
    case .parsed: "parsed"
    case .pending, nil: "not parsed yet"
    case .error: "could not be parsed"
    }
  }

  @Sendable static func answer(_ question: PageQuestion) async throws -> PageDocument {
    let id = try question.id(of: "job")
    let (project, store) = (try question.project(), question.store)
    let found = try await store.jobs(
      JobQuery(repository: project.id, filters: [FieldFilter(.id, .equal, .integers([id]))], count: 1))
    guard found.count == 1 else { throw question.missing("job") }
    let job = JobRow(found)
    let rows = try await store.parts(
      .logs,
      PartQuery(
        repository: project.id, filters: [FieldFilter(.jobID, .equal, .integers([id]))], count: 1000))
    let parsed = try await store.steps(ofJob: id)
    let address = WebLink.project(project.name)
    let jobAddress = "\(address)/job/\(id)"
    let all = (0..<rows.count).map { rows.text($0, JobPart.LogColumn.name) ?? "" }
    let name = name(question.query["name"], rows, parsed)
    var budget = maximumLines
    let logs = (0..<rows.count).filter { all[$0] == name }.map { log($0, of: rows, parsed, &budget) }
    var names: [String] = []
    for name in all where !names.contains(name) { names.append(name) }
    let group = job.text(.jobGroupSymbol).flatMap { $0 == MatrixNames.noGroup ? nil : $0 }
    let symbol = job.text(.jobTypeSymbol) ?? "?"
    let view = View(
      jobAddress: jobAddress, symbol: group.map { "\($0)(\(symbol))" } ?? symbol,
      jobName: job.text(.jobTypeName) ?? "", letter: "\(job.appearance.letter)", resultLabel: job.appearance.label,
      pushAddress: "\(address)/push/\(job.integer(.pushID) ?? 0)",
      tabs: names.map {
        Tab(tabName: $0, tabAddress: "\(jobAddress)/log\(WebLink.query([("name", $0)]))", isCurrent: $0 == name)
      }, hasTabs: names.count > 1, logs: logs,
      missing: logs.isEmpty ? (all.isEmpty ? "The job has no logs." : "The job has no log \(name).") : nil,
      isCut: budget <= 0, maximum: maximumLines)
    return question.document(
      title: "\(name) of \(view.symbol) \(view.jobName)", here: "log", main: question.templates.render(view, "log"))
  }

  /// The log that is meant where none is named: that of Treeherder's first days, else one that has steps.
  private static func name(_ asked: String?, _ rows: RowTable, _ parsed: JobSteps) -> String {
    if let asked, !asked.isEmpty { return asked }
    var withSteps: Set<Int64> = []
    for row in 0..<parsed.steps.count {
      if let log = parsed.steps.integer(row, JobSteps.StepColumn.logID) { withSteps.insert(log) }
    }
    var best: String?
    for row in 0..<rows.count {
      let name = rows.text(row, JobPart.LogColumn.name) ?? ""
      if name == LogSummary.defaultLogName { return name }
      if best == nil, rows.integer(row, JobPart.LogColumn.id).map(withSteps.contains) == true { best = name }
    }
    return best ?? (rows.count > 0 ? rows.text(0, JobPart.LogColumn.name) ?? "" : LogSummary.defaultLogName)
  }

  private static func log(_ row: Int, of rows: RowTable, _ parsed: JobSteps, _ budget: inout Int) -> Log {
    let id = rows.integer(row, JobPart.LogColumn.id) ?? 0
    let url = rows.text(row, JobPart.LogColumn.url)
    let link = WebLink.external(url)
    let status = rows.integer(row, JobPart.LogColumn.parseStatus).flatMap { LogRecord.ParseStatus(rawValue: Int($0)) }
    var lines: [Int64: [Line]] = [:]
    var counts: [Int64: Int] = [:]
    var total = 0
    for row in 0..<parsed.errors.count where parsed.errors.integer(row, JobSteps.ErrorColumn.logID) == id {
      total += 1
      let step = parsed.errors.integer(row, JobSteps.ErrorColumn.step) ?? 0
      counts[step, default: 0] += 1
      guard budget > 0 else { continue }
      budget -= 1
      lines[step, default: []].append(
        Line(
          lineNumber: parsed.errors.integer(row, JobSteps.ErrorColumn.lineNumber),
          lineText: parsed.errors.text(row, JobSteps.ErrorColumn.line) ?? ""))
    }
    let steps = (0..<parsed.steps.count).filter { parsed.steps.integer($0, JobSteps.StepColumn.logID) == id }.map {
      row in
      let number = parsed.steps.integer(row, JobSteps.StepColumn.position) ?? 0
      return step(row, of: parsed.steps, lines[number] ?? [], counts[number] ?? 0)
    }
    return Log(
      logID: id, logName: rows.text(row, JobPart.LogColumn.name) ?? "", logAddress: link,
      logText: link == nil ? url : nil, logStatus: label(status), isParsed: status == .parsed,
      isTruncated: rows.integer(row, JobPart.LogColumn.areErrorsTruncated) == 1, steps: steps,
      hasSteps: !steps.isEmpty,
      summary: "\(steps.count) \(steps.count == 1 ? "step" : "steps"), \(total) error \(total == 1 ? "line" : "lines")",
      firstFailure: steps.first { $0.hasLines || $0.isFailure }?.stepNumber)
  }

  private static func step(_ row: Int, of rows: RowTable, _ lines: [Line], _ count: Int) -> Step {
    let (start, end) = (
      rows.integer(row, JobSteps.StepColumn.started), rows.integer(row, JobSteps.StepColumn.finished)
    )
    let (first, last) = (
      rows.integer(row, JobSteps.StepColumn.firstLine) ?? 0, rows.integer(row, JobSteps.StepColumn.lastLine) ?? 0
    )
    let result = rows.text(row, JobSteps.StepColumn.result) ?? ""
    let appearance = JobAppearance(state: .completed, result: result)
    return Step(
      stepNumber: rows.integer(row, JobSteps.StepColumn.position) ?? 0,
      stepName: rows.text(row, JobSteps.StepColumn.name) ?? "", stepLetter: "\(appearance.letter)",
      stepLabel: appearance == .unknown && !result.isEmpty ? result : appearance.label,
      isFailure: appearance.isFailure, started: start.map { PageTime($0) },
      took: PageTime.duration(from: start, to: end),
      range: first == last ? "line \(first)" : "lines \(first) to \(last)",
      stepLines: lines, hasLines: !lines.isEmpty, lineCount: count)
  }
}
