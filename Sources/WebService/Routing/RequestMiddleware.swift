import HTTPTypes
import Hummingbird
import JobStore
import Logging

/// What lies around every request: its id, the version that it asks for, and the answer to what goes wrong.
struct RequestMiddleware: RouterMiddleware {
  typealias Context = WebContext

  private let metrics = RequestMetrics()

  func handle(
    _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    var context = context
    context.requestID = RequestIdentity.of(request)
    context.logger[metadataKey: "request_id"] = .string(context.requestID)
    var response: Response
    do {
      try AcceptedVersion.check(request)
      response = try await next(request, context)
    } catch {
      response = answer(to: error, request, context)
    }
    // The routes see to this themselves; errors do not, and a client would take their bodies for the next answer.
    if request.method == .head { response = response.createHeadResponse() }
    response.headers[.requestID] = context.requestID
    metrics.record(request, route: context.endpointPath, status: response.status, since: start)
    context.logger.debug(
      "answered",
      metadata: [
        "method": "\(request.method)", "path": "\(request.uri.path)", "status": "\(response.status.code)",
      ])
    return response
  }

  private func answer(to error: any Error, _ request: Request, _ context: WebContext) -> Response {
    switch error {
    case let error as WebError:
      return error.response
    case let error as HTTPError where error.status == .notFound && error.body == nil:
      return WebError(.notFound, .detail("Not found.")).response
    case let error as HTTPError:
      return WebError(error.status, .detail(error.body ?? error.status.reasonPhrase)).response
    case let error as StoreError where error.code == .unavailable:
      log(error, request, context)
      return WebError(.serviceUnavailable, .detail("The store cannot be reached at the moment.")).response
    default:
      log(error, request, context)
      return WebError(
        .internalServerError, .detail("Something went wrong here; the log has it under this request's id.")
      )
      .response
    }
  }

  private func log(_ error: any Error, _ request: Request, _ context: WebContext) {
    context.logger.error(
      "a request failed",
      metadata: ["method": "\(request.method)", "path": "\(request.uri.path)", "reason": "\(error)"])
  }
}

extension HTTPField.Name {
  /// Names a request, in both directions. A field's name may hold letters and dashes: this one can always be made.
  static let requestID = HTTPField.Name("X-Request-ID") ?? .cookie
}
