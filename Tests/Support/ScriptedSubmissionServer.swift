import Foundation
import Glibc
import Synchronization

/// A server that takes HTTP requests with bodies and answers them the way a test says, as no real one could be made to.
///
/// Connections are kept open; each has a thread of its own.
public final class ScriptedSubmissionServer: Sendable {
  /// What a client sent.
  public struct Request: Sendable {
    /// The method.
    public let method: String
    /// Path and query as they were sent.
    public let target: String
    /// The fields by their names in small letters.
    public let headers: [String: String]
    /// The body.
    public let body: [UInt8]
    /// How many requests came before this one.
    public let number: Int
  }

  /// What it is answered with.
  public enum Answer: Sendable {
    /// A status, fields and a body.
    case response(_ status: Int, headers: [String: String] = [:], body: String = "")
    /// These bytes and nothing else; then the connection is closed.
    case bytes(String)
    /// Nothing; the connection is closed.
    case hangUp
    /// Nothing; the connection is reset.
    case reset
    /// Nothing; the connection stays open until the server ends.
    case silence
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
  /// What came until now.
  public var requests: [Request] { received.requests.withLock { $0 } }

  /// Starts listening on a free port.
  ///
  /// - Parameter script: is called on a thread that may wait.
  public init(_ script: @escaping @Sendable (Request) -> Answer) throws {
    let received = Received()
    self.received = received
    server = try LoopbackServer { server, client in Self.converse(client, server, received, script) }
  }

  /// Ends it; clients that wait find their connections closed, and new ones find nobody.
  public func stop() { server.stop() }

  private static func converse(
    _ client: Int32, _ server: LoopbackServer, _ received: Received, _ script: (Request) -> Answer
  ) {
    var pending: [UInt8] = []
    while let request = read(client, &pending, received) {
      switch script(request) {
      case .response(let status, var headers, let body):
        headers["Content-Length"] = "\(body.utf8.count)"
        let fields = headers.map { "\($0): \($1)\r\n" }.joined()
        guard Loopback.send("HTTP/1.1 \(status) Scripted\r\n\(fields)\r\n\(body)", to: client) else {
          return _ = close(client)
        }
      case .bytes(let text):
        _ = Loopback.send(text, to: client)
        close(client)
        return
      case .hangUp:
        close(client)
        return
      case .reset:
        Loopback.reset(client)
        return
      case .silence:
        server.keep(client)
        return
      }
    }
    close(client)
  }

  /// The next request; nil at the end of the connection.
  private static func read(_ client: Int32, _ pending: inout [UInt8], _ received: Received) -> Request? {
    let end = Array("\r\n\r\n".utf8)
    func fill() -> Bool {
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let count = recv(client, &buffer, buffer.count, 0)
      guard count > 0 else { return false }
      pending += buffer[..<count]
      return true
    }
    var head: Range<Int>?
    while head == nil {
      head = pending.firstRange(of: end)
      if head == nil, !fill() { return nil }
    }
    guard let head else { return nil }
    let lines = String(decoding: pending[..<head.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ")
    guard words.count == 3 else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let halves = line.split(separator: ":", maxSplits: 1)
      guard halves.count == 2 else { continue }
      headers[halves[0].lowercased()] = halves[1].trimmingCharacters(in: .whitespaces)
    }
    let length = headers["content-length"].flatMap { Int($0) } ?? 0
    while pending.count < head.upperBound + length {
      if !fill() { return nil }
    }
    let body = Array(pending[head.upperBound..<head.upperBound + length])
    pending.removeFirst(head.upperBound + length)
    return received.requests.withLock { requests in
      let request = Request(
        method: String(words[0]), target: String(words[1]), headers: headers, body: body, number: requests.count)
      requests.append(request)
      return request
    }
  }
}
