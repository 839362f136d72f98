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

/// Sockets on this machine.
enum Loopback {
  /// A socket that listens on a free port, and the port.
  static func listen() throws -> (descriptor: Int32, port: Int) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(descriptor, pointer, length) == 0 && Glibc.listen(descriptor, 16) == 0
          ? getsockname(descriptor, pointer, &length) : -1
      }
    }
    guard status == 0 else { throw DeadlinePassed(description: "no port to listen on") }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
  }
}
