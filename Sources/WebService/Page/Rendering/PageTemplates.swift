import Mustache

/// The page's templates; they are inside the program.
struct PageTemplates: Sendable {
  /// Escapes byte by byte: what swift-mustache does by itself leaves a quotation mark alone that an accent follows.
  private struct Escaping: MustacheContentType {
    func escapeText(_ text: String) -> String { HTMLWriter.escaped(text) }
  }

  private static let escaping = "DROVER"

  private static let sources: [(name: String, text: [UInt8])] = [
    ("layout", PackageResources.layout_mustache),
    ("problem", PackageResources.problem_mustache),
    ("projects", PackageResources.projects_mustache),
    ("pushes", PackageResources.pushes_mustache),
    ("push-list", PackageResources.push_list_mustache),
    ("push", PackageResources.push_mustache),
    ("filters", PackageResources.filters_mustache),
    ("help", PackageResources.help_mustache),
    ("job-page", PackageResources.job_page_mustache),
    ("job", PackageResources.job_mustache),
    ("log", PackageResources.log_mustache),
    ("trends", PackageResources.trends_mustache),
    ("plot", PackageResources.plot_mustache),
    ("plot-table", PackageResources.plot_table_mustache),
    ("time", PackageResources.time_mustache),
  ]

  private let library: MustacheLibrary

  /// Reads the templates.
  ///
  /// - Throws: what is wrong with one of them.
  init() throws {
    MustacheContentTypes.register(Escaping(), named: Self.escaping)
    var library = MustacheLibrary()
    for (name, text) in Self.sources {
      // Every template says it, so that none can forget. A line end at the end would be a space in a sentence.
      let content = text.last == UInt8(ascii: "\n") ? text.dropLast() : text[...]
      let text = "{{% CONTENT_TYPE:\(Self.escaping)}}" + String(decoding: content, as: UTF8.self)
      try library.register(text, named: name)
    }
    self.library = library
  }

  /// A template's text with a view's values; empty for a template that is not there.
  func render(_ view: Any, _ name: String) -> String { library.render(view, withTemplate: name) ?? "" }
}
