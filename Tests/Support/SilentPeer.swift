import Glibc

/// A server on loopback that takes connections and never says a word.
public final class SilentPeer: Sendable {
  private let listener: Int32
  /// Where it listens.
  public let port: Int

  /// Starts listening on a free port; the kernel completes connections by itself.
  public init() throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(listener, pointer, length) == 0 && listen(listener, 16) == 0
          ? getsockname(listener, pointer, &length) : -1
      }
    }
    guard status == 0 else { throw DeadlinePassed(description: "no port to listen on") }
    self.listener = listener
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(listener) }
}
