import Glibc

/// Sockets on this machine.
public enum Loopback {
  /// A socket that listens on a free port, and the port.
  public static func listen() throws -> (descriptor: Int32, port: Int) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    var bound = sockaddr_in()
    let status = withAddress(ofPort: 0) { pointer in
      bind(descriptor, pointer, length) == 0 && Glibc.listen(descriptor, 64) == 0
        ? withUnsafeMutablePointer(to: &bound) {
          $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        } : -1
    }
    guard status == 0 else {
      close(descriptor)
      throw DeadlinePassed(description: "no port to listen on: \(String(cString: strerror(errno)))")
    }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return (descriptor, Int(UInt16(bigEndian: bound.sin_port)))
  }

  /// A socket that does not block and is connected to `port`, or will be: a refusal may be told by the first read.
  public static func connect(to port: Int) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else {
      throw DeadlinePassed(description: "no socket: \(String(cString: strerror(errno)))")
    }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    setNonBlocking(descriptor)
    let status = withAddress(ofPort: port) { Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    guard status == 0 || errno == EINPROGRESS else {
      let reason = String(cString: strerror(errno))
      close(descriptor)
      throw DeadlinePassed(description: "no connection to port \(port): \(reason)")
    }
    return descriptor
  }

  /// Makes a socket's calls return at once, and its small writes leave at once.
  public static func setNonBlocking(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Closes a socket so that the other end gets a reset instead of an orderly end.
  public static func reset(_ descriptor: Int32) {
    var immediately = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &immediately, socklen_t(MemoryLayout<linger>.size))
    close(descriptor)
  }

  private static func withAddress(ofPort port: Int, _ body: (UnsafePointer<sockaddr>) -> Int32) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0) }
    }
  }
}
