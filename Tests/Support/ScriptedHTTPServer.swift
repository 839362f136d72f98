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

  private let listener: Int32
  private let script: @Sendable (Request) -> Answer
  private let received = Mutex<[Request]>([])
  private let silent = Mutex<[Int32]>([])
  /// Where it listens.
  public let port: Int

  /// The server's URL, without a path.
  public var url: String { "http://127.0.0.1:\(port)" }
  /// What was asked until now.
  public var requests: [Request] { received.withLock { $0 } }

  /// Starts listening on a free port.
  public init(_ script: @escaping @Sendable (Request) -> Answer) throws {
    (listener, port) = try Loopback.listen()
    self.script = script
    Thread.detachNewThread { self.serve() }
  }

  /// Ends it; clients find their connections closed, and new ones find nobody.
  public func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  private func serve() {
    while true {
      let client = accept(listener, nil, nil)
      guard client >= 0 else { break }
      Thread.detachNewThread { self.converse(client) }
    }
    close(listener)
    for client in silent.withLock({ $0 }) { close(client) }
  }

  private func converse(_ client: Int32) {
    guard let request = readRequest(client) else {
      close(client)
      return
    }
    received.withLock { $0.append(request) }
    switch script(request) {
    case .response(let status, let body):
      _ = send(client, "HTTP/1.1 \(status) Scripted\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    case .redirection(let location):
      _ = send(client, "HTTP/1.1 302 Found\r\nLocation: \(location)\r\nContent-Length: 0\r\n\r\n")
    case .challenge:
      _ = send(
        client, "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"test\"\r\nContent-Length: 2\r\n\r\n[]")
    case .silence:
      silent.withLock { $0.append(client) }
      return
    case .hangUp: break
    case .endless(let bytes, let pause):
      var part = "HTTP/1.1 200 OK\r\n\r\n"
      // Ends when the client has gone.
      while send(client, part) {
        part = String(repeating: " ", count: bytes)
        usleep(pause * 1000)
      }
    }
    close(client)
  }

  private func readRequest(_ client: Int32) -> Request? {
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

  /// Whether the client took it all.
  private func send(_ client: Int32, _ text: String) -> Bool {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let sent = Glibc.send(client, Array(rest), rest.count, Int32(MSG_NOSIGNAL))
      guard sent > 0 else { return false }
      rest = rest.dropFirst(sent)
    }
    return true
  }
}
