import HTTPTypes
import JobStore

/// What a page is asked for.
struct PageQuestion: Sendable {
  let store: any Store
  let trends: TrendsCache
  let templates: PageTemplates
  let query: QueryParameters
  /// What the path names at its end, empty where it names nothing.
  let idText: String
  /// Nil where the path has no project.
  let namedProject: Project?

  /// The project of the path.
  func project() throws(WebError) -> Project {
    guard let namedProject else { throw WebError(.notFound, .detail("There is nothing here.")) }
    return namedProject
  }

  /// The number of the path.
  ///
  /// - Parameter what: what it numbers, for the error's text.
  func id(of what: String) throws(WebError) -> Int64 {
    guard let id = Int64(idText) else { throw missing(what) }
    return id
  }

  /// Status 404 for what the path names.
  func missing(_ what: String) -> WebError {
    WebError(.notFound, .detail("There is no \(what) \(idText) in \(namedProject?.name ?? "the store")."))
  }

  /// Whether the script asks for a piece that it puts into a page it has.
  var isFragment: Bool { query["fragment"] == "1" }

  /// A page with its frame.
  func document(title: String, here: String? = nil, main: String) -> PageDocument {
    let help = templates.render(HelpView(), "help")
    let crumb = namedProject.map {
      PageDocument.Crumb(projectName: $0.name, projectAddress: WebLink.project($0.name))
    }
    return PageDocument(
      html: templates.render(
        PageDocument.Layout(title: title, project: crumb, here: here, main: main, help: help), "layout"))
  }
}
