import JobStore

/// `/p/<project>`: its pushes with their jobs, and one push alone.
enum PushesPage {
  /// How many pushes a page has.
  static let count = 10
  /// How many jobs of a push are looked at.
  static let maximumJobs = 10_000

  private struct View {
    let projectName: String
    let filters: String
    let list: String
    let panel: String?
    let events: String
    let isOne: Bool
    let hasPanel: Bool
  }

  private struct ListView {
    let pushes: [PushView]
    let hasNone: Bool
    let isFirst: Bool
    let isAlone: Bool
    let listAddress: String
    let pushQuery: String
    let older: String?
    let newest: String?
    let emptyText: String
  }

  @Sendable static func list(_ question: PageQuestion) async throws -> PageDocument {
    try await answer(question, only: nil)
  }

  @Sendable static func one(_ question: PageQuestion) async throws -> PageDocument {
    try await answer(question, only: try question.id(of: "push"))
  }

  private static func answer(_ question: PageQuestion, only push: Int64?) async throws -> PageDocument {
    let project = try question.project()
    let pages = try await question.store.pushes(try query(question, project, only: push))
    var numbers = (0..<pages.pushes.count).compactMap { pages.pushes.integer($0, PushPage.PushColumn.id) }
    if push != nil, numbers.isEmpty { throw question.missing("push") }
    // One more was asked for, to know whether there are older ones.
    let hasOlder = numbers.count > count
    if hasOlder { numbers.removeLast() }
    let matrix = try await question.store.matrix(ofPushes: numbers, in: project.id, maximum: maximumJobs)
    let filter = JobFilter(question.query)
    let names = MatrixNames(matrix, filter: filter)
    let address = WebLink.project(project.name)
    let writer = MatrixWriter(
      names: names, address: Array("\(address)/job/".utf8), isUnfolded: question.query["unfold"] == "1")
    let views = numbers.enumerated().map { row, id in
      PushView(
        row, of: pages, in: project, matrix.jobs[id].map { PushJobs($0, names: names, filter: filter) }, writer,
        maximum: maximumJobs)
    }
    let kept = FilterView.kept(question.query)
    let action = push.map { "\(address)/push/\($0)" } ?? address
    let before = question.query["before"]
    let isFiltered = FilterView.pushNames.contains { question.query[$0].map { !$0.isEmpty } ?? false }
    let list = question.templates.render(
      ListView(
        pushes: views, hasNone: views.isEmpty, isFirst: before == nil && push == nil && !isFiltered,
        isAlone: push != nil,
        listAddress: action + WebLink.query(kept + (before.map { [("before", $0)] } ?? []) + [("fragment", "1")]),
        pushQuery: WebLink.query(kept + [("fragment", "1")]),
        older: hasOlder ? numbers.last.map { address + WebLink.query(kept + [("before", "\($0)")]) } : nil,
        newest: before == nil || push != nil ? nil : address + WebLink.query(kept),
        emptyText: before != nil || isFiltered
          ? "There is no such push." : "Nothing was pushed yet. A push appears here with its first job."),
      "push-list")
    if question.isFragment { return PageDocument(html: list) }
    let filters = question.templates.render(FilterView(question.query, action: action, names: names), "filters")
    let panel = try await JobPage.panel(question, ofJob: question.query["job"].flatMap { Int64($0) })
    let main = question.templates.render(
      View(
        projectName: project.name, filters: filters, list: list, panel: panel,
        events: "/events" + WebLink.query([("project", project.name)]), isOne: push != nil, hasPanel: panel != nil),
      "pushes")
    let here = push == nil ? nil : views.first?.revision
    return question.document(
      title: here.map { "\($0) in \(project.name)" } ?? project.name, here: here, main: main)
  }

  private static func query(
    _ question: PageQuestion, _ project: Project, only push: Int64?
  ) throws(WebError) -> PushQuery {
    var query = PushQuery(repository: project.id, count: push == nil ? count + 1 : 1)
    if let push {
      query.filters = [FieldFilter(.id, .equal, .integers([push]))]
      return query
    }
    if let text = question.query["before"] {
      guard let before = Int64(text) else { throw .badParameter("before", "is no number of a push") }
      query.before = before
    }
    if let revision = question.query["revision"], !revision.isEmpty { query.revision = revision }
    if let author = question.query["author"], !author.isEmpty {
      query.filters.append(FieldFilter(.author, .equal, .texts([author])))
    }
    return query
  }
}
