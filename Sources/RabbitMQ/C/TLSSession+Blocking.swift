import Glibc

extension TLSSession {
  /// Does the whole handshake, waiting for the peer until `deadline` at most.
  ///
  /// - Throws: `timedOut`, and what ``handshake()`` throws.
  func handshake(until deadline: ContinuousClock.Instant) throws(RabbitMQError) {
    while true {
      switch try handshake() {
      case .done: return
      case .wantsRead: try wait(for: POLLIN, until: deadline)
      case .wantsWrite: try wait(for: POLLOUT, until: deadline)
      }
    }
  }

  private func wait(for events: Int32, until deadline: ContinuousClock.Instant) throws(RabbitMQError) {
    while true {
      let (seconds, attoseconds) = (deadline - .now).components
      // Rounded up: waking a moment before the deadline would spin until it.
      let milliseconds = seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
      guard milliseconds > 0 else {
        throw RabbitMQError(
          .timedOut, "\(endpoint): the TLS handshake did not end in time; is this the port for TLS?", isRetriable: true)
      }
      var descriptors = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      let count = poll(&descriptors, 1, Int32(clamping: milliseconds))
      if count > 0 { return }
      guard count == 0 || errno == EINTR else { throw lost(String(cString: strerror(errno))) }
    }
  }
}
