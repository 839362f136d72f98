import HTTPTypes

/// A page that says why there is none.
enum ProblemPage {
  private struct View {
    let heading: String
    let text: String
  }

  static func document(_ error: WebError, _ question: PageQuestion) -> PageDocument {
    let text =
      switch error.body {
      case .detail(let text), .error(let text), .message(let text), .text(let text): text
      }
    let heading =
      switch error.status.code {
      case 404: "Not found"
      case 400: "Not understood"
      default: "Not now"
      }
    let main = question.templates.render(View(heading: heading, text: text), "problem")
    var document =
      question.isFragment ? PageDocument(html: main) : question.document(title: heading, main: main)
    document.status = error.status
    return document
  }
}
