import AsyncHTTPClient
public import NIOHTTP1
import NIOCore
import NIOSSL

/// Asks HTTP servers, one connection for each question.
public enum WebClient {
  /// What was answered.
  public struct Answer: Sendable {
    /// The status.
    public let status: Int
    /// The fields.
    public let headers: HTTPHeaders
    /// The body as it came, compressed where the fields say so.
    public let bytes: [UInt8]

    /// The body as text.
    public var body: String { String(decoding: bytes, as: UTF8.self) }

    /// The first value of a field.
    public func field(_ name: String) -> String? { headers.first(name: name) }
  }

  // What comes is to be seen as it came.
  private static let client = HTTPClient(eventLoopGroupProvider: .singleton)

  /// Sends a request.
  ///
  /// - Parameter authority: a PEM file with the authority that the server's certificate has to be of.
  public static func send(
    _ method: String = "GET", _ url: String, _ headers: [String: String] = [:], body: [UInt8]? = nil,
    trusting authority: String? = nil
  ) async throws -> Answer {
    var request = HTTPClientRequest(url: url)
    request.method = HTTPMethod(rawValue: method)
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    // A test's server has ended by the time that another one may have its port.
    request.headers.add(name: "Connection", value: "close")
    if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
    if let authority {
      request.tlsConfiguration = .makeClientConfiguration()
      request.tlsConfiguration?.trustRoots = .file(authority)
    }
    let response = try await client.execute(request, timeout: .seconds(60))
    let body = try await response.body.collect(upTo: 1 << 28)
    return Answer(status: Int(response.status.code), headers: response.headers, bytes: Array(body.readableBytesView))
  }
}
