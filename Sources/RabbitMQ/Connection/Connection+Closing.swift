import Logging

extension Connection {
  /// Closes the connection in order: the broker is told, and its answer awaited for ``Options/closeTimeout`` at most.
  /// What is not confirmed or acknowledged by then stays so. Closing twice does no harm.
  public func close() async {
    switch state {
    case .closed: return
    case .opening, .recovering:
      finish(RabbitMQError(.closed, "the connection was closed by this end"))
      return
    case .open, .recycling, .closing: break
    }
    await withCheckedContinuation { continuation in
      if case .closing(let waiting) = state {
        state = .closing(waiting + [continuation])
        return
      }
      state = .closing([continuation])
      failChannels(RabbitMQError(.closed, "the connection was closed by this end"))
      link?.goodbyeDeadline = .now + options.closeTimeout
      attempt { try send(.connectionClose(ReplyText(code: 200, text: "goodbye")), on: 0) }
    }
  }

  /// The TCP connection is of no more use, for the reason given: it is recovered where it may be, or everything ends.
  func lose(_ error: RabbitMQError) {
    guard let link else { return }
    self.link = nil
    link.close()
    endBlock()
    if let waiter = link.handshakeWaiter {
      link.handshakeWaiter = nil
      waiter.resume(throwing: error)
      return
    }
    switch state {
    case .opening, .closed: break
    case .closing: finish(RabbitMQError(.closed, "the connection was closed by this end"))
    case .recovering: suspendChannels(error)
    case .open, .recycling: recover(from: error, link)
    }
  }

  /// Ends the connection for good: tells everybody who waits on it.
  func finish(_ error: RabbitMQError) {
    let previous = state
    if case .closed = previous { return }
    state = .closed(error)
    link?.close()
    let waiter = link?.handshakeWaiter
    link = nil
    waiter?.resume(throwing: error)
    endBlock()
    recoveryTask?.cancel()
    recoveryTask = nil
    failChannels(error)
    // Some wait for the answer to a close.
    for channel in channels.values { channel.failRequests(error) }
    channels = [:]
    resumeOpenWaiters(.failure(error))
    drainWaiter?.resume()
    drainWaiter = nil
    if case .closing(let waiting) = previous {
      for continuation in waiting { continuation.resume() }
    }
  }

  private func failChannels(_ error: RabbitMQError) {
    for number in channels.keys { endChannel(number, error) }
  }
}
