import Foundation
import Glibc
import Synchronization

/// A server that answers HTTP the way a test says, as no real one could be made to.
///
/// It takes one request per connection, each on a thread of its own.
public final class ScriptedHTTPServer: Sendable {
  /// What a client asked.
  public struct Request: Sendable, Hashable {
    /// The path as it was sent, percent-encoding included.
    public let target: String
    /// The value of the field `Authorization`.
    public let authorization: String?

    /// A request, to compare one with.
    public init(target: String, authorization: String?) {
      self.target = target
      self.authorization = authorization
    }
  }

  /// What it is answered with.
  public enum Answer: Sendable {
    /// A status and a body.
    case response(_ status: Int, _ body: String)
    /// A redirection.
    case redirection(to: String)
    /// A status of 401 that asks for a password.
    case challenge
    /// Nothing; the connection stays open.
    case silence
    /// The connection is closed.
    case hangUp
    /// A body that never ends, with so many milliseconds between two parts of so many bytes.
    case endless(bytes: Int, pause: UInt32)
  }

  private let server: LoopbackServer
  private let received: Received

  // Shared with the threads of the connections, which must not keep the server itself.
  private final class Received: Sendable {
    let requests = Mutex<[Request]>([])
  }

  /// Where it listens.
  public var port: Int { server.port }
  /// The server's URL, without a path.
  public var url: String { "http://127.0.0.1:\(port)" }
  /// What was asked until now.
  public var requests: [Request] { received.requests.withLock { $0 } }

  /// Starts listening on a free port.
  public init(_ script: @escaping @Sendable (Request) -> Answer) throws {
    let received = Received()
    self.received = received
    server = try LoopbackServer { server, client in Self.converse(client, server, received, script) }
  }

  /// Ends it; clients find their connections closed, and new ones find nobody.
  public func stop() { server.stop() }

  private static func converse(
    _ client: Int32, _ server: LoopbackServer, _ received: Received, _ script: (Request) -> Answer
  ) {
    guard let request = readRequest(client) else {
      close(client)
      return
    }
    received.requests.withLock { $0.append(request) }
    switch script(request) {
    case .response(let status, let body):
      _ = Loopback.send("HTTP/1.1 \(status) Scripted\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)", to: client)
    case .redirection(let location):
      _ = Loopback.send("HTTP/1.1 302 Found\r\nLocation: \(location)\r\nContent-Length: 0\r\n\r\n", to: client)
    case .challenge:
      let head = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"test\"\r\nContent-Length: 2\r\n\r\n"
      _ = Loopback.send(head + "[]", to: client)
    case .silence:
      server.keep(client)
      return
    case .hangUp: break
    case .endless(let bytes, let pause):
      var part = "HTTP/1.1 200 OK\r\n\r\n"
      // Ends when the client has gone.
      while Loopback.send(part, to: client) {
        part = String(repeating: " ", count: bytes)
        usleep(pause * 1000)
      }
    }
    close(client)
  }

  private static func readRequest(_ client: Int32) -> Request? {
    var bytes: [UInt8] = []
    while !String(decoding: bytes, as: UTF8.self).contains("\r\n\r\n") {
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = recv(client, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes += buffer[..<count]
    }
    let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ")
    guard words.count == 3, words[0] == "GET" else { return nil }
    let field = "authorization: "
    let authorization = lines.first { $0.lowercased().hasPrefix(field) }?.dropFirst(field.count)
    return Request(target: String(words[1]), authorization: authorization.map(String.init))
  }
}
