import HTTPTypes
import Hummingbird
import JobStore
import NIOCore

/// The web page: projects, their pushes, jobs and logs, as HTML that is complete without a script.
struct PageRoutes: RouteGroup {
  let store: any Store
  /// How long an answer may take.
  let timeout: Duration

  private typealias Answer = @Sendable (PageQuestion) async throws -> PageDocument

  private static let pages: [(path: String, answer: Answer)] = [
    ("/", ProjectsPage.answer), ("/p/{project}", PushesPage.list), ("/p/{project}/push/{id}", PushesPage.one),
    ("/p/{project}/job/{id}", JobPage.answer), ("/p/{project}/job/{id}/log", LogPage.answer),
    ("/p/{project}/trends", TrendsPage.answer),
  ]

  func register(on router: Router<WebContext>) {
    let templates: PageTemplates
    do { templates = try PageTemplates() } catch {
      // Only a build whose own templates are broken comes here; the interface for programs does without them.
      return
    }
    let projects = ProjectDirectory(store)
    let trends = TrendsCache(store, timeout: timeout)
    for (path, answer) in Self.pages {
      router.get(RouterPath(path)) { [store, timeout] request, context in
        var project: Project?
        func question() -> PageQuestion {
          PageQuestion(
            store: store, trends: trends, templates: templates, query: QueryParameters(request.uri.query),
            idText: context.parameters["id"].map { QueryParameters.decoded($0.utf8) } ?? "", namedProject: project)
        }
        do {
          if let name = context.parameters["project"] {
            project = try await projects.project(QueryParameters.decoded(name.utf8))
          }
          let asked = question()
          return try await TimeLimit.run(timeout) { try await answer(asked) }.response(to: request)
        } catch let error as WebError {
          return ProblemPage.document(error, question()).response(to: request)
        }
      }
    }
    for asset in PageAsset.all {
      router.get(RouterPath(asset.path)) { _, _ in
        Response(
          status: .ok,
          headers: [
            .contentType: asset.type, .cacheControl: "public, max-age=31536000, immutable", .eTag: "\"\(asset.name)\"",
            .xContentTypeOptions: "nosniff",
          ], body: .init(byteBuffer: ByteBuffer(bytes: asset.content)))
      }
    }
  }
}
