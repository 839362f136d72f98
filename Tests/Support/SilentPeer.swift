import Glibc

/// A server on loopback that takes connections and never says a word.
public final class SilentPeer: Sendable {
  private let listener: Int32
  /// Where it listens.
  public let port: Int

  /// Starts listening on a free port; the kernel completes connections by itself.
  public init() throws { (listener, port) = try Loopback.listen() }

  deinit { close(listener) }
}
