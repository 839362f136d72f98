import HTTPTypes
import JSON
import JobStore

/// What belongs to jobs: artifacts, logs, and the lines of their panels.
enum PartRoutes {
  /// How many an answer holds at most.
  static let maximumCount = 2000
  /// How many artifacts an answer holds at most.
  static let maximumArtifactCount = 1000

  static let all = [
    ReadingRoute(
      "/api/project/{project}/artifact/", "Artifacts of jobs.",
      [
        .init("count", "How many, 10 by default, at most 1000."), .init("offset", "How many are passed over."),
        .init("id, job_id, job_guid, name, type", "Which ones; each with __in for a list, too."),
      ], answer: artifacts),
    ReadingRoute("/api/project/{project}/artifact/{id}/", "An artifact.", answer: artifact),
    ReadingRoute(
      "/api/project/{project}/job-log-url/", "Logs of jobs.",
      [.init("job_id", "Whose logs; may be given several times."), .init("job__guid", "Whose logs, by guid.")],
      answer: logs),
    ReadingRoute(
      "/api/jobdetail/", "The lines of jobs' panels.",
      [
        .init("job_guid, job__guid", "Whose lines; with __in for a list."),
        .init("job_id, repository", "Whose lines, by number: with the repository's name."),
        .init("title", "Which lines."), .init("count", "How many, 2000 by default and at most."),
        .init("offset", "How many are passed over."),
      ], answer: details),
  ]

  private static func page(_ query: QueryParameters, count: Int, maximum: Int) throws -> (count: Int, offset: Int) {
    guard let count = query.count("count", default: count), let offset = query.count("offset", default: 0) else {
      throw WebError(.badRequest, .error("Invalid value for offset or count"))
    }
    return (min(count, maximum), offset)
  }

  /// The conditions on `fields`; several plain ones on one field stand for any of their values.
  private static func filters(
    _ query: QueryParameters, _ fields: [String: PartField]
  ) throws(WebError) -> [FieldFilter<PartField>] {
    var filters: [FieldFilter<PartField>] = []
    for filter in try FilterReader.filters(query, field: { name in fields[name].map { ($0, $0.kind) } }) {
      let isValue = filter.operation == .equal || filter.operation == .anyOf
      let before = filters.firstIndex {
        isValue && $0.field == filter.field && ($0.operation == .equal || $0.operation == .anyOf)
      }
      if let before, let values = filters[before].values.joined(filter.values) {
        filters[before] = FieldFilter(filter.field, .anyOf, values)
      } else {
        filters.append(filter)
      }
    }
    return filters
  }

  // MARK: Artifacts

  private static let artifactFields: [String: PartField] = [
    "id": .id, "job_id": .jobID, "job_guid": .jobGUID, "name": .name, "type": .type,
  ]

  private static func artifacts(_ question: ReadingRoute.Question) async throws -> JSONWriter {
    let (project, query) = (try question.project(), question.query)
    let (count, offset) = try page(query, count: 10, maximum: maximumArtifactCount)
    let rows = try await question.store.parts(
      .artifactsWithContent,
      PartQuery(repository: project.id, filters: try filters(query, artifactFields), offset: offset, count: count))
    var json = JSONWriter(capacity: 4096)
    json.array { json in for row in 0..<rows.count { writeArtifact(row, of: rows, in: project, to: &json) } }
    return json
  }

  private static func artifact(_ question: ReadingRoute.Question) async throws -> JSONWriter {
    let project = try question.project()
    let rows = try await question.store.parts(
      .artifactsWithContent,
      PartQuery(
        repository: project.id, filters: [FieldFilter(.id, .equal, .integers([question.id ?? -1]))], count: 1))
    guard rows.count == 1 else {
      throw WebError(.notFound, .text("No artifact with id: \(question.idText)"))
    }
    var json = JSONWriter(capacity: 4096)
    writeArtifact(0, of: rows, in: project, to: &json)
    return json
  }

  private static func writeArtifact(_ row: Int, of rows: RowTable, in project: Project, to json: inout JSONWriter) {
    let id = rows.integer(row, JobPart.ArtifactColumn.id) ?? 0
    let type = rows.text(row, JobPart.ArtifactColumn.type)
    json.object { json in
      json.member("id", id)
      json.member("job_id", rows.integer(row, JobPart.ArtifactColumn.jobID))
      json.member("job_guid", rows.text(row, JobPart.ArtifactColumn.jobGUID))
      json.member("name", rows.text(row, JobPart.ArtifactColumn.name))
      json.member("type", type)
      json.name("blob")
      rows.withText(row, JobPart.ArtifactColumn.blob.rawValue) { blob in
        // JSON is put in as it is, if it is JSON.
        if type == "json", isJSON(blob) { json.raw(blob) } else { json.string(blob) }
      } ?? json.null()
      json.member("resource_uri", "/api/project/\(project.name)/artifact/\(id)/")
    }
  }

  private static func isJSON(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    (try? JSONParser().withDocument(of: UnsafeRawBufferPointer(text)) { _ in }) != nil
  }

  // MARK: Logs

  private static func logs(_ question: ReadingRoute.Question) async throws -> JSONWriter {
    let project = try question.project()
    let (count, offset) = try page(question.query, count: maximumCount, maximum: maximumCount)
    let fields: [String: PartField] = [
      "id": .id, "job_id": .jobID, "job_guid": .jobGUID, "job__guid": .jobGUID, "name": .name,
    ]
    let rows = try await question.store.parts(
      .logs,
      PartQuery(repository: project.id, filters: try filters(question.query, fields), offset: offset, count: count))
    var json = JSONWriter(capacity: 256 + rows.count * 200)
    json.array { json in
      for row in 0..<rows.count {
        let status = rows.integer(row, JobPart.LogColumn.parseStatus).flatMap {
          LogRecord.ParseStatus(rawValue: Int($0))
        }
        json.object { json in
          json.member("id", rows.integer(row, JobPart.LogColumn.id))
          json.member("job_id", rows.integer(row, JobPart.LogColumn.jobID))
          json.member("name", rows.text(row, JobPart.LogColumn.name))
          json.member("url", rows.text(row, JobPart.LogColumn.url))
          json.member("parse_status", status.map { "\($0)" })
          // Not Treeherder's: what a log parser still has to make of it, or somebody to submit.
          json.member("awaits", LogWork.Kind(awaits: rows.integer(row, JobPart.LogColumn.awaits))?.rawValue)
        }
      }
    }
    return json
  }

  // MARK: Details

  private static func details(_ question: ReadingRoute.Question) async throws -> JSONWriter {
    let query = question.query
    let (count, offset) = try page(query, count: maximumCount, maximum: maximumCount)
    let fields: [String: PartField] = [
      "job_guid": .jobGUID, "job__guid": .jobGUID, "job_id": .jobID, "title": .title,
    ]
    let filters = try filters(query, fields)
    let isSelective = filters.contains { filter in
      (filter.field == .jobGUID || filter.field == .jobID) && (filter.operation == .equal || filter.operation == .anyOf)
    }
    guard isSelective else {
      throw WebError(.badRequest, .detail("Must filter on one of: job_guid, job__guid, job_id, job_id__in"))
    }
    if filters.contains(where: { $0.field == .jobID }), query["repository"] == nil {
      throw WebError(.badRequest, .detail("Must specify repository if filtering by job id"))
    }
    var repository: Int64?
    if let name = query["repository"] {
      guard let id = try await question.store.repositoryID(name) else { throw WebError.unknownProject(name) }
      repository = id
    }
    let rows = try await question.store.parts(
      .details, PartQuery(repository: repository, filters: filters, offset: offset, count: count))
    var json = JSONWriter(capacity: 256 + rows.count * 250)
    json.object { json in
      json.name("meta")
      json.object { json in
        json.member("count", Int64(rows.count))
        json.member("offset", Int64(offset))
      }
      json.name("results")
      json.array { json in
        for row in 0..<rows.count {
          json.object { json in
            json.member("job_guid", rows.text(row, JobPart.DetailColumn.jobGUID))
            json.member("job_id", rows.integer(row, JobPart.DetailColumn.jobID))
            json.member("title", rows.text(row, JobPart.DetailColumn.title))
            json.member("value", rows.text(row, JobPart.DetailColumn.value))
            json.member("url", rows.text(row, JobPart.DetailColumn.url))
          }
        }
      }
    }
    return json
  }
}

extension FieldFilter.Values {
  /// Both lists as one; nil where they are of two types.
  fileprivate func joined(_ other: Self) -> Self? {
    switch (self, other) {
    case (.integers(let left), .integers(let right)): .integers(left + right)
    case (.texts(let left), .texts(let right)): .texts(left + right)
    default: nil
    }
  }
}
