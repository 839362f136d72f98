import HTTPTypes
import JobStore

/// A route that reads: how it is asked, and how it answers. The description of the interface is made from these.
struct ReadingRoute: Sendable {
  /// A parameter of the query.
  struct Parameter: Sendable {
    let name: String
    let meaning: String

    init(_ name: String, _ meaning: String) {
      self.name = name
      self.meaning = meaning
    }
  }

  /// What a route is asked.
  struct Question {
    let store: any Store
    let query: QueryParameters
    /// What the path names at its end, empty where it names nothing.
    let idText: String
    /// Nil where the path has no project.
    let namedProject: Project?

    /// The project of the path.
    func project() throws(WebError) -> Project {
      guard let namedProject else { throw WebError(.notFound, .detail("Not found.")) }
      return namedProject
    }

    /// The number at the path's end, nil where there is something else.
    var id: Int64? { Int64(idText) }
  }

  /// As OpenAPI writes it: `/api/project/{project}/jobs/`.
  let path: String
  let summary: String
  let parameters: [Parameter]
  let answer: @Sendable (Question) async throws -> JSONWriter

  init(
    _ path: String, _ summary: String, _ parameters: [Parameter] = [],
    answer: @escaping @Sendable (Question) async throws -> JSONWriter
  ) {
    self.path = path
    self.summary = summary
    self.parameters = parameters
    self.answer = answer
  }
}
