import Dispatch
import Glibc

/// A server on loopback that says certain bytes, whatever it is told, and then either hangs up or falls silent.
public final class GreetingPeer: Sendable {
  private let listener: Int32
  /// Where it listens.
  public let port: Int

  /// Starts listening on a free port; the kernel completes connections by itself.
  public init() throws { (listener, port) = try Loopback.listen() }

  deinit { close(listener) }

  /// Takes the oldest connection that waits, says `bytes` there, and hands the connection over.
  public func greet(_ bytes: [UInt8], hangingUp: Bool) throws -> Greeted {
    let descriptor = accept(listener, nil, nil)
    guard descriptor >= 0, send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      throw DeadlinePassed(description: "nobody to greet")
    }
    // Closing it instead could overtake the bytes with a reset.
    if hangingUp { shutdown(descriptor, Int32(SHUT_WR)) }
    return Greeted(descriptor: descriptor)
  }

  /// The same without keeping a thread of Swift's pool, which the one who connects may need.
  public func greeting(_ bytes: [UInt8], hangingUp: Bool) async throws -> Greeted {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(with: Result { try self.greet(bytes, hangingUp: hangingUp) })
      }
    }
  }

  /// A connection, for as long as somebody holds it.
  public final class Greeted: Sendable {
    private let descriptor: Int32
    fileprivate init(descriptor: Int32) { self.descriptor = descriptor }
    deinit { close(descriptor) }
  }
}
