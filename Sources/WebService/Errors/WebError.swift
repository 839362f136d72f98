public import HTTPTypes
import Hummingbird

/// An answer that says what was wrong with a request.
public struct WebError: Error, Sendable, Hashable {
  /// In which form Treeherder words it, which differs from route to route.
  public enum Body: Sendable, Hashable {
    /// `{"detail": …}`
    case detail(String)
    /// `{"error": …}`
    case error(String)
    /// `{"message": …}`
    case message(String)
    /// The text alone, as a JSON string.
    case text(String)
  }

  /// The answer's status.
  public let status: HTTPResponse.Status
  /// What it says.
  public let body: Body

  /// An answer.
  public init(_ status: HTTPResponse.Status, _ body: Body) {
    self.status = status
    self.body = body
  }

  /// Status 404 for a project that the store does not know.
  public static func unknownProject(_ name: String) -> WebError {
    WebError(.notFound, .detail("No project with name \(name)"))
  }

  /// Status 400 for a parameter that cannot be understood.
  public static func badParameter(_ name: String, _ reason: String) -> WebError {
    WebError(.badRequest, .detail("\(name): \(reason)"))
  }

  var response: Response { json.response(status: status) }

  /// The answer's body.
  var json: JSONWriter {
    var json = JSONWriter()
    switch body {
    case .detail(let text): json.object { $0.member("detail", text) }
    case .error(let text): json.object { $0.member("error", text) }
    case .message(let text): json.object { $0.member("message", text) }
    case .text(let text): json.string(text)
    }
    return json
  }
}
