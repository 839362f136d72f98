import Foundation
import Glibc
import Synchronization

/// A server on a free port of this machine whose connections have a thread each.
final class LoopbackServer: Sendable {
  private let listener: Int32
  private let converse: @Sendable (LoopbackServer, Int32) -> Void
  private let kept = Mutex<[Int32]>([])
  /// Where it listens.
  let port: Int

  /// Starts listening.
  ///
  /// - Parameter converse: is handed the socket of each connection, on a thread that may wait, and has to close or
  ///   ``keep(_:)`` it.
  init(_ converse: @escaping @Sendable (LoopbackServer, Int32) -> Void) throws {
    (listener, port) = try Loopback.listen()
    self.converse = converse
    Thread.detachNewThread { self.serve() }
  }

  /// Ends it; new clients find nobody, and those that were kept find their connections closed.
  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  /// Leaves a connection open until the end.
  func keep(_ client: Int32) { kept.withLock { $0.append(client) } }

  private func serve() {
    while true {
      let client = accept(listener, nil, nil)
      guard client >= 0 else { break }
      Thread.detachNewThread { self.converse(self, client) }
    }
    close(listener)
    for client in kept.withLock({ $0 }) { close(client) }
  }
}

extension Loopback {
  /// Whether the client took the whole text.
  static func send(_ text: String, to client: Int32) -> Bool {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let sent = Glibc.send(client, Array(rest), rest.count, Int32(MSG_NOSIGNAL))
      guard sent > 0 else { return false }
      rest = rest.dropFirst(sent)
    }
    return true
  }
}
