import HTTPTypes
import JobStore

/// `jobs/`: lists of jobs, one job, and the steps of its logs.
enum JobRoutes {
  /// How many jobs an answer holds at most.
  static let maximumCount = 2000

  static let all = [
    ReadingRoute(
      "/api/project/{project}/jobs/", "Jobs of a project, push by push.",
      [
        .init("count", "How many, 10 by default, at most 2000."), .init("offset", "How many are passed over."),
        .init("return_type", "dict, or list: rows of values, with their names in job_property_names."),
        .init("last_modified__gt", "Those that changed after a time, as 2016-06-10T15:40:16."),
        .init("<field>, <field>__in, __nin, __ne, __gt, __gte, __lt, __lte", "Conditions on any field of a job."),
      ], answer: list),
    ReadingRoute(
      "/api/project/{project}/jobs/{id}/", "A job with its logs and artifacts.", answer: one),
    ReadingRoute(
      "/api/project/{project}/jobs/{id}/text_log_steps/", "The steps of a job's parsed logs, with their errors.",
      answer: steps),
  ]

  private static let fields = Dictionary(uniqueKeysWithValues: JobField.allCases.map { ($0.rawValue, $0) })

  private static func list(_ question: ReadingRoute.Question) async throws -> JSONWriter {
    let (project, query) = (try question.project(), question.query)
    guard let count = query.count("count", default: 10), let offset = query.count("offset", default: 0) else {
      throw WebError(.badRequest, .error("Invalid value for offset or count"))
    }
    guard count <= maximumCount else {
      throw WebError(.badRequest, .error("Specified count exceeds API MAX_JOBS_COUNT value"))
    }
    let filters = try FilterReader.filters(query) { name in fields[name].map { ($0, $0.kind) } }
    let rows = try await question.store.jobs(
      JobQuery(repository: project.id, filters: filters, offset: offset, count: count))
    var json = JSONWriter(capacity: 512 + rows.count * 1300)
    json.object { json in
      json.name("meta")
      json.object { json in
        json.member("repository", project.name)
        json.member("offset", Int64(offset))
        json.member("count", Int64(count))
      }
      let isList = query["return_type"] == "list"
      if isList {
        json.name("job_property_names")
        json.array { json in for field in JobField.allCases { json.string(field.rawValue) } }
      }
      json.name("results")
      json.array { json in
        for row in 0..<rows.count {
          if isList {
            json.array { JobJSON.values(of: row, in: rows, to: &$0) }
          } else {
            json.object { JobJSON.members(of: row, in: rows, to: &$0) }
          }
        }
      }
    }
    return json
  }

  /// The job of the path.
  private static func job(_ question: ReadingRoute.Question) async throws -> (id: Int64, rows: RowTable) {
    let project = try question.project()
    let rows = try await question.id.asyncMap { id in
      try await question.store.jobs(
        JobQuery(repository: project.id, filters: [FieldFilter(.id, .equal, .integers([id]))], count: 1))
    }
    guard let id = question.id, let rows, rows.count == 1 else {
      throw WebError(.notFound, .text("No job with id: \(question.idText)"))
    }
    return (id, rows)
  }

  private static func one(_ question: ReadingRoute.Question) async throws -> JSONWriter {
    let (id, rows) = try await job(question)
    let project = try question.project()
    func parts(_ part: JobPart) async throws -> RowTable {
      try await question.store.parts(
        part,
        PartQuery(
          repository: project.id, filters: [FieldFilter(.jobID, .equal, .integers([id]))],
          count: PartRoutes.maximumCount))
    }
    let (logs, artifacts) = (try await parts(.logs), try await parts(.artifacts))
    var json = JSONWriter(capacity: 4096)
    json.object { json in
      JobJSON.members(of: 0, in: rows, to: &json)
      json.member("resource_uri", "/api/project/\(project.name)/jobs/\(id)/")
      json.name("logs")
      json.array { json in
        for row in 0..<logs.count {
          json.object { json in
            json.member("name", logs.text(row, JobPart.LogColumn.name))
            json.member("url", logs.text(row, JobPart.LogColumn.url))
          }
        }
      }
      json.name("artifacts")
      json.array { json in
        for row in 0..<artifacts.count {
          let id = artifacts.integer(row, JobPart.ArtifactColumn.id) ?? 0
          json.object { json in
            json.member("id", id)
            json.member("name", artifacts.text(row, JobPart.ArtifactColumn.name))
            json.member("type", artifacts.text(row, JobPart.ArtifactColumn.type))
            json.member("resource_uri", "/api/project/\(project.name)/artifact/\(id)/")
          }
        }
      }
    }
    return json
  }

  /// Steps and errors have no numbers of their own. Theirs are made of their log's, and of how many came before in it: a
  /// message has 16 MiB at most, and so far fewer than a million of them.
  private static func number(log: Int64, position: Int64) -> Int64 { log << 20 + position }

  private static func steps(_ question: ReadingRoute.Question) async throws -> JSONWriter {
    let (id, _) = try await job(question)
    let parsed = try await question.store.steps(ofJob: id)
    let (steps, errors) = (parsed.steps, parsed.errors)
    var json = JSONWriter(capacity: 512 + steps.count * 300 + errors.count * 150)
    // Both are in one order, so that each step's errors are the next ones.
    var next = 0
    var (log, errorPosition) = (Int64(-1), Int64(0))
    json.array { json in
      for row in 0..<steps.count {
        let stepLog = steps.integer(row, JobSteps.StepColumn.logID) ?? 0
        let position = steps.integer(row, JobSteps.StepColumn.position) ?? 0
        if stepLog != log { (log, errorPosition) = (stepLog, 0) }
        json.object { json in
          json.member("id", number(log: log, position: position))
          json.name("errors")
          json.array { json in
            while next < errors.count, errors.integer(next, JobSteps.ErrorColumn.logID) == log,
              errors.integer(next, JobSteps.ErrorColumn.step) == position
            {
              json.object { json in
                json.member("id", number(log: log, position: errorPosition))
                json.member("line", errors.text(next, JobSteps.ErrorColumn.line))
                json.member("line_number", errors.integer(next, JobSteps.ErrorColumn.lineNumber))
              }
              next += 1
              errorPosition += 1
            }
          }
          json.member("name", steps.text(row, JobSteps.StepColumn.name))
          json.name("started")
          json.time(steps.integer(row, JobSteps.StepColumn.started))
          json.name("finished")
          json.time(steps.integer(row, JobSteps.StepColumn.finished))
          json.member("started_line_number", steps.integer(row, JobSteps.StepColumn.firstLine))
          json.member("finished_line_number", steps.integer(row, JobSteps.StepColumn.lastLine))
          json.member("result", steps.text(row, JobSteps.StepColumn.result))
        }
      }
    }
    return json
  }
}

extension Optional {
  fileprivate func asyncMap<T>(_ transform: (Wrapped) async throws -> T) async rethrows -> T? {
    if let self { try await transform(self) } else { nil }
  }
}
