import HTTPTypes
import JobStore

/// `resultset/`, and `push/` as the clients of 2019 call it: pushes with their revisions, and their jobs counted.
enum PushRoutes {
  /// How many pushes an answer holds at most; more are not an error, there are just no more.
  static let maximumCount = 1000

  static let all = ["resultset", "push"].flatMap { name in
    [
      ReadingRoute(
        "/api/project/{project}/\(name)/", "Pushes of a project, the latest first.",
        [
          .init("count", "How many, 10 by default, at most 1000."), .init("offset", "How many are passed over."),
          .init("revision", "The beginning of the revision."),
          .init("fromchange", "None older than the push of this revision."),
          .init("tochange", "None later than the push of this revision."),
          .init("startdate", "None before this day, YYYY-MM-DD."), .init("enddate", "None after this day."),
          .init("author", "Whose pushes."), .init("full", "false leaves the revisions out."),
          .init("id__in, id__lt, push_timestamp__gte, …", "Conditions on id, author, revision and push_timestamp."),
        ]
      ) { try await list(name, $0) },
      ReadingRoute("/api/project/{project}/\(name)/{id}/", "A push.") { question in
        var query = PushQuery(repository: try question.project().id, count: 1)
        query.filters = [FieldFilter(.id, .equal, .integers([question.id ?? -1]))]
        let page = try await question.store.pushes(query)
        guard page.pushes.count == 1 else { throw missing(name, question) }
        var json = JSONWriter(capacity: 1024)
        write(0, of: page, in: try question.project(), as: name, isFull: true, to: &json)
        return json
      },
      ReadingRoute("/api/project/{project}/\(name)/{id}/revisions/", "All revisions of a push.") { question in
        // A push has as many as its submission had.
        var query = PushQuery(repository: try question.project().id, count: 1, revisions: 100_000)
        query.filters = [FieldFilter(.id, .equal, .integers([question.id ?? -1]))]
        let page = try await question.store.pushes(query)
        guard page.pushes.count == 1 else { throw missing(name, question) }
        var json = JSONWriter(capacity: 256 + page.revisions.count * 200)
        json.array { write(page.revisions(of: question.id ?? -1), of: page, 0, to: &$0) }
        return json
      },
      ReadingRoute("/api/project/{project}/\(name)/{id}/status/", "A push's jobs counted.") {
        try await status(name, $0)
      },
    ]
  }

  private static func missing(_ name: String, _ question: ReadingRoute.Question) -> WebError {
    WebError(.notFound, .text("No \(name) with id: \(question.idText)"))
  }

  // MARK: Lists

  /// Parameters that the answer repeats one by one.
  private static let ranges = ["revision", "fromchange", "tochange", "startdate", "enddate"]

  private static func query(_ question: ReadingRoute.Question) throws -> PushQuery {
    let parameters = question.query
    guard let count = parameters.count("count", default: 10) else {
      throw WebError(.badRequest, .detail("Valid count value required"))
    }
    guard let offset = parameters.count("offset", default: 0) else {
      throw WebError(.badRequest, .detail("Valid offset value required"))
    }
    var query = PushQuery(repository: try question.project().id, offset: offset, count: min(count, maximumCount))
    let fields = Dictionary(uniqueKeysWithValues: PushField.allCases.map { ($0.rawValue, $0) })
    query.filters = try FilterReader.filters(parameters) { name in fields[name].map { ($0, $0.kind) } }
      .filter { !($0.field == .revision && $0.operation == .equal) }
    query.revision = parameters["revision"]
    query.fromRevision = parameters["fromchange"]
    query.toRevision = parameters["tochange"]
    for (name, operation) in [("startdate", FieldFilter<PushField>.Operation.atLeast), ("enddate", .below)] {
      guard let text = parameters[name] else { continue }
      guard let time = CalendarTime.milliseconds(text) else {
        throw WebError.badParameter(name, "is no day as 2016-06-10")
      }
      // The last day belongs to it.
      let end = operation == .below && text.utf8.count <= 10 ? 86_400 : 0
      query.filters.append(FieldFilter(.pushTime, operation, .integers([time / 1000 + Int64(end)])))
    }
    if parameters["full"] == "false" { query.revisions = 0 }
    return query
  }

  private static func list(_ name: String, _ question: ReadingRoute.Question) async throws -> JSONWriter {
    let (project, query) = (try question.project(), try query(question))
    let page = try await question.store.pushes(query)
    var json = JSONWriter(capacity: 512 + page.pushes.count * 400 + page.revisions.count * 200)
    json.object { json in
      json.name("meta")
      json.object { json in
        json.member("count", Int64(page.pushes.count))
        json.member("repository", project.name)
        for name in ranges {
          guard let value = question.query[name] else { continue }
          json.name(name)
          json.string(value)
        }
        json.name("filter_params")
        json.object { json in
          var written: Set<String> = Set(ranges)
          for (name, _) in question.query.all where written.insert(name).inserted {
            json.name(name)
            json.string(question.query[name] ?? "")
          }
        }
      }
      json.name("results")
      json.array { json in
        for row in 0..<page.pushes.count {
          write(row, of: page, in: project, as: name, isFull: query.revisions > 0, to: &json)
        }
      }
    }
    return json
  }

  // MARK: Pushes

  private static func write(
    _ row: Int, of page: PushPage, in project: Project, as name: String, isFull: Bool, to json: inout JSONWriter
  ) {
    let pushes = page.pushes
    let id = pushes.integer(row, PushPage.PushColumn.id) ?? 0
    let revision = pushes.text(row, PushPage.PushColumn.revision)
    let revisions = page.revisions(of: id)
    json.object { json in
      json.member("id", id)
      json.member("repository_id", pushes.integer(row, PushPage.PushColumn.repositoryID))
      json.member("author", pushes.text(row, PushPage.PushColumn.author) ?? "unknown")
      // What the push's own revision says.
      let own = revisions.first { page.revisions.text($0, PushPage.RevisionColumn.revision) == revision }
      json.member(
        "comments", own.flatMap { page.revisions.text($0, PushPage.RevisionColumn.comments) } ?? "")
      json.member("revision_hash", revision)
      json.member("revision", revision)
      if isFull {
        json.name("revisions")
        json.array { write(revisions, of: page, row, to: &$0) }
      }
      json.member("revision_count", pushes.integer(row, PushPage.PushColumn.revisionCount))
      json.member("revisions_uri", "/api/project/\(project.name)/\(name)/\(id)/revisions/")
      json.name("push_timestamp")
      json.seconds(pushes.integer(row, PushPage.PushColumn.pushTime))
    }
  }

  private static func write(_ rows: Range<Int>, of page: PushPage, _ push: Int, to json: inout JSONWriter) {
    for row in rows {
      json.object { json in
        json.member("result_set_id", page.revisions.integer(row, PushPage.RevisionColumn.pushID))
        json.member("repository_id", page.pushes.integer(push, PushPage.PushColumn.repositoryID))
        json.member("revision", page.revisions.text(row, PushPage.RevisionColumn.revision))
        json.member("author", page.revisions.text(row, PushPage.RevisionColumn.author))
        json.member("comments", page.revisions.text(row, PushPage.RevisionColumn.comments))
      }
    }
  }

  // MARK: Status

  /// The jobs that are not completed by state, those that are by result too.
  private static func status(_ name: String, _ question: ReadingRoute.Question) async throws -> JSONWriter {
    let project = try question.project()
    var query = PushQuery(repository: project.id, count: 1, revisions: 0)
    query.filters = [FieldFilter(.id, .equal, .integers([question.id ?? -1]))]
    guard try await question.store.pushes(query).pushes.count == 1 else { throw missing(name, question) }
    var states: [String: Int] = ["pending": 0, "running": 0, "completed": 0]
    var results: [(String, Int)] = []
    for count in try await question.store.jobCounts(ofPush: question.id ?? -1, in: project.id) {
      states[count.state.name, default: 0] += count.jobs
      if count.state == .completed { results.append((count.result, count.jobs)) }
    }
    var json = JSONWriter()
    json.object { json in
      for (name, count) in states.sorted(by: { $0.key < $1.key }) + results {
        json.name(name)
        json.integer(Int64(count))
      }
    }
    return json
  }
}
