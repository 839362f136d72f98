import HTTPTypes
import Hummingbird
import NIOCore

/// A page, or a piece of one, as an answer.
struct PageDocument {
  /// The frame around every page.
  struct Layout {
    let title: String
    let style = PageAsset.style.path
    let script = PageAsset.script.path
    let icon = PageAsset.icon.path
    let project: Crumb?
    let here: String?
    let main: String
    let help: String
  }

  /// A project in the page's head.
  struct Crumb {
    let projectName: String
    let projectAddress: String
  }

  var status = HTTPResponse.Status.ok
  let html: String

  /// What nothing on a page may break out of: no script but ours, nothing from elsewhere.
  static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

  /// The answer: without its content where the client has it already.
  func response(to request: Request) -> Response {
    var html = html
    let bytes = html.withUTF8 { Array($0) }
    var response = Response(
      status: status, headers: [.contentType: "text/html; charset=utf-8"],
      body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    if status == .ok { response = response.validated(against: request, bytes) }
    response.headers[.cacheControl] = "no-cache"
    response.headers[.contentSecurityPolicy] = Self.policy
    response.headers[.xContentTypeOptions] = "nosniff"
    // Where somebody came from is nobody's business; not even the project's name.
    if let name = HTTPField.Name("Referrer-Policy") { response.headers[name] = "no-referrer" }
    return response
  }
}
