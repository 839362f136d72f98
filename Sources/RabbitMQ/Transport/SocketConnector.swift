import Glibc

/// Opens TCP connections, with a bound on the wait and the system's own reason for a failure.
///
/// librabbitmq could do it too, but says of every failure that the operation is in progress.
enum SocketConnector {
  /// A connected socket that does not block and does not outlive an `exec`.
  ///
  /// - Throws: `unreachable`, with the reason of the last address that was tried.
  static func connect(to endpoint: Endpoint, timeout: Duration) throws(RabbitMQError) -> Int32 {
    let deadline = ContinuousClock.now + timeout
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(endpoint.host, String(endpoint.port), &hints, &list)
    guard status == 0 else { throw failure(endpoint, String(cString: gai_strerror(status))) }
    defer { freeaddrinfo(list) }
    var reason = "it has no address"
    var next = list
    while let address = next {
      switch attempt(address.pointee, until: deadline) {
      case .success(let descriptor): return descriptor
      case .failure(let error): reason = String(cString: strerror(error.code))
      }
      next = address.pointee.ai_next
    }
    throw failure(endpoint, reason)
  }

  private struct SystemError: Error {
    let code: Int32
  }

  private static func attempt(
    _ address: addrinfo, until deadline: ContinuousClock.Instant
  ) -> Result<Int32, SystemError> {
    let kind = address.ai_socktype | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(address.ai_family, kind, address.ai_protocol)
    guard descriptor >= 0 else { return .failure(SystemError(code: errno)) }
    var on: Int32 = 1
    // A frame is written in several parts, none of which may wait for the peer's answer to the one before.
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, socklen_t(MemoryLayout<Int32>.size))
    var code: Int32 = 0
    if Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) != 0 {
      code = errno == EINPROGRESS ? waitForConnection(descriptor, until: deadline) : errno
    }
    guard code == 0 else {
      close(descriptor)
      return .failure(SystemError(code: code))
    }
    return .success(descriptor)
  }

  /// Waits until a connection is there or is not to be had; returns 0, or the system's number for why not.
  private static func waitForConnection(_ descriptor: Int32, until deadline: ContinuousClock.Instant) -> Int32 {
    while true {
      let rest = (deadline - .now).components
      let milliseconds = rest.seconds * 1000 + rest.attoseconds / 1_000_000_000_000_000
      guard milliseconds > 0 else { return ETIMEDOUT }
      var descriptors = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      let count = poll(&descriptors, 1, Int32(clamping: milliseconds))
      if count < 0 && errno != EINTR { return errno }
      guard count > 0 else { continue }
      var code: Int32 = 0
      var length = socklen_t(MemoryLayout<Int32>.size)
      return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 ? code : errno
    }
  }

  private static func failure(_ endpoint: Endpoint, _ reason: String) -> RabbitMQError {
    RabbitMQError(.unreachable, "no connection to \(endpoint): \(reason)", isRetriable: true)
  }
}
