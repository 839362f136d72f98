import HTTPTypes
import Hummingbird
import NIOCore

/// Compresses what is text and long enough for clients that say that they take gzip.
struct CompressionMiddleware: RouterMiddleware {
  typealias Context = WebContext

  /// Below it there is nothing to win: the whole answer fits into one packet.
  static let minimumLength = 1_024

  func handle(
    _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
  ) async throws -> Response {
    var response = try await next(request, context)
    guard isWorthwhile(response) else { return response }
    // Caches between the client and us have to keep both.
    response.headers.append(HTTPField(name: .vary, value: "Accept-Encoding"))
    guard AcceptedEncoding.allowsGzip(request.headers[values: .acceptEncoding]) else { return response }
    response.headers[.contentEncoding] = "gzip"
    response.headers[.contentLength] = nil
    // The same content in other bytes: a strong validator would claim that they are the same.
    if let tag = response.headers[.eTag], !tag.hasPrefix("W/") { response.headers[.eTag] = "W/" + tag }
    guard request.method != .head else { return response }
    let body = response.body
    response.body = ResponseBody { writer in
      guard let stream = GzipStream() else { throw HTTPError(.serviceUnavailable) }
      try await body.write(CompressingWriter(stream, into: writer))
    }
    return response
  }

  private func isWorthwhile(_ response: Response) -> Bool {
    guard response.status == .ok, response.headers[.contentEncoding] == nil,
      let length = response.body.contentLength, length >= Self.minimumLength,
      let type = response.headers[.contentType]
    else { return false }
    return type.hasPrefix("text/") || type.hasPrefix("application/json") || type.hasPrefix("image/svg")
  }
}

private struct CompressingWriter: ResponseBodyWriter {
  private let stream: GzipStream
  private var writer: any ResponseBodyWriter

  init(_ stream: GzipStream, into writer: any ResponseBodyWriter) {
    self.stream = stream
    self.writer = writer
  }

  mutating func write(_ buffer: ByteBuffer) async throws {
    let output = stream.compress(buffer)
    if output.readableBytes > 0 { try await writer.write(output) }
  }

  consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
    try await writer.write(stream.finish())
    try await writer.finish(trailingHeaders)
  }
}
