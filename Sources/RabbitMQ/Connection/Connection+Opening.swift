import Logging

/// Somebody who waits for a connection to be in order.
struct OpenWaiter {
  let id: Int
  let deadline: ContinuousClock.Instant
  let continuation: CheckedContinuation<Void, any Error>
}

extension Connection {
  func connect() async throws {
    var failure = RabbitMQError(.invalidURL, "broker URL: it names no endpoint")
    for (index, endpoint) in url.endpoints.enumerated() {
      do {
        try await establishLink(to: endpoint)
        state = .open
        recovery = options.recovery.map {
          RecoveryPlan($0, endpointCount: url.endpoints.count, endpoint: index)
        }
        recovery?.recovered(at: .now)
        logger.debug("connected", metadata: ["endpoint": "\(endpoint)"])
        return
      } catch let error as RabbitMQError {
        if Task.isCancelled { throw cancelled() }
        failure = error
        if error.code == .authenticationRefused { break }
        logger.debug("endpoint not usable", metadata: ["endpoint": "\(endpoint)", "reason": "\(error)"])
      } catch {
        throw cancelled()
      }
    }
    finish(failure)
    throw failure
  }

  /// Ends the connection; what its opening throws then.
  private func cancelled() -> CancellationError {
    finish(RabbitMQError(.cancelled, "the task that connected was cancelled"))
    return CancellationError()
  }

  /// Dials, and waits for the handshake.
  ///
  /// - Throws: ``RabbitMQError`` or `CancellationError`; there is no link then.
  func establishLink(to endpoint: Endpoint) async throws {
    self.endpoint = endpoint
    let dialed = try await Dialer.dial(endpoint)
    switch state {
    case .opening, .recovering: break
    default: throw closedError
    }
    let link = Link(dialed.stream, endpoint: endpoint, name: options.name)
    self.link = link
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        link.handshakeWaiter = continuation
        attempt { try link.begin() }
      }
    } onCancel: {
      Task { await dropUnopened() }
    }
    guard self.link === link else { throw closedError }
  }

  /// The task is gone that waited for a handshake.
  private func dropUnopened() {
    guard let link, !link.isOpen else { return }
    lose(RabbitMQError(.cancelled, "the task that connected was cancelled"))
  }

  /// Waits until requests can be made.
  ///
  /// - Throws: why they cannot, and `CancellationError`.
  func waitUntilOpen(_ deadline: ContinuousClock.Instant) async throws {
    switch state {
    case .open: return
    case .closing, .closed: throw closedError
    case .opening, .recovering, .recycling: break
    }
    try Task.checkCancellation()
    let id = nextRequestID()
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        openWaiters.append(OpenWaiter(id: id, deadline: deadline, continuation: continuation))
      }
    } onCancel: {
      Task { await cancelOpenWaiter(id) }
    }
  }

  private func cancelOpenWaiter(_ id: Int) {
    guard let index = openWaiters.firstIndex(where: { $0.id == id }) else { return }
    openWaiters.remove(at: index).continuation.resume(throwing: CancellationError())
  }

  func resumeOpenWaiters(_ result: Result<Void, any Error>) {
    let waiters = openWaiters
    openWaiters = []
    for waiter in waiters { waiter.continuation.resume(with: result) }
  }

  func expireOpenWaiters() {
    guard openWaiters.contains(where: { $0.deadline <= now }) else { return }
    let expired = openWaiters.filter { $0.deadline <= now }
    openWaiters.removeAll { $0.deadline <= now }
    for waiter in expired {
      waiter.continuation.resume(
        throwing: RabbitMQError(
          .timedOut, "the connection to \(endpoint) was not recovered in time", underlying: lossReason,
          isRetriable: true))
    }
  }
}
