import HTTPTypes
import Hummingbird
import JobStore

/// Everything that is read as Treeherder's clients read it.
struct ReadingRoutes: RouteGroup {
  let store: any Store
  /// How long an answer may take.
  let timeout: Duration

  static let all = JobRoutes.all + PushRoutes.all + PartRoutes.all + ReferenceRoutes.all

  func register(on router: Router<WebContext>) {
    let projects = ProjectDirectory(store)
    for route in Self.all {
      router.get(RouterPath(route.path)) { [store, timeout] request, context in
        var project: Project?
        if let name = context.parameters["project"] {
          project = try await projects.project(QueryParameters.decoded(name.utf8))
        }
        let question = ReadingRoute.Question(
          store: store, query: QueryParameters(request.uri.query),
          idText: context.parameters["id"].map { QueryParameters.decoded($0.utf8) } ?? "", namedProject: project)
        return try await TimeLimit.run(timeout) { try await route.answer(question) }.response(to: request)
      }
    }
  }
}

extension JSONWriter {
  /// What was written as an answer that can be validated: without its content where the client has it already.
  func response(to request: Request) -> Response { response().validated(against: request, bytes) }
}

extension Response {
  /// The same with a validator made of its content, or without that content where the client has it already.
  func validated(against request: Request, _ content: [UInt8]) -> Response {
    let tag = EntityTag.of(content)
    let known = request.headers[values: .ifNoneMatch].flatMap { $0.split(separator: ",") }.map { value in
      let value = value.drop { $0 == " " }
      return value.hasPrefix("W/") ? value.dropFirst(2) : value
    }
    if known.contains(where: { $0 == "*" || $0 == tag }) {
      return Response(status: .notModified, headers: [.eTag: tag])
    }
    var response = self
    response.headers[.eTag] = tag
    return response
  }
}
