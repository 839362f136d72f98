import Logging

extension Connection {
  /// The link was lost: begins to seek another one, or ends.
  func recover(from error: RabbitMQError, _ lost: Link) {
    let isPlanned = lost.goodbyeDeadline != nil
    drainWaiter?.resume()
    drainWaiter = nil
    guard var plan = recovery else {
      // Whoever waits on the connection is told, and reports it in their own words.
      logger.info("connection ended", metadata: ["reason": "\(error)"])
      finish(error)
      return
    }
    state = .recovering
    lossReason = error
    suspendChannels(error)
    metrics.lost += 1
    var generator = SystemRandomNumberGenerator()
    var step = plan.lost(at: now, using: &generator)
    recovery = plan
    if isPlanned {
      logger.info("replacing the connection", metadata: ["endpoint": "\(endpoint)"])
      step = .attempt(after: .zero, endpoint: plan.endpoint)
    } else {
      logger.warning("connection lost, seeking it again", metadata: ["reason": "\(error)"])
    }
    let first = step
    let lostAt = ContinuousClock.now
    recoveryTask = Task { [weak self] in
      var step: RecoveryPlan.Step? = first
      while case .attempt(let delay, let endpoint)? = step {
        if delay > .zero { try? await Task.sleep(for: delay) }
        // Nobody else may hold the connection any more: then it is not to be kept up.
        guard !Task.isCancelled, let self else { return }
        step = await self.attemptRecovery(endpoint, since: lostAt)
      }
    }
  }

  /// Notes that the broker confirmed or delivered something.
  func noteWork() {
    guard !hasWorked else { return }
    hasWorked = true
    recovery?.worked()
  }

  /// What was under way on the lost link is told, or waits for the next one.
  func suspendChannels(_ error: RabbitMQError) {
    for (number, channel) in channels {
      // One that was never open, or not for long, is nobody's on the next link. One that was closed keeps its number until
      // its owner lets go of it.
      if !channel.isEstablished || channel.isTransient || channel.isReleased { channels[number] = nil }
      metrics.republished += channel.suspend(error, nextGeneration: nextRequestID())
    }
  }

  /// Tries one endpoint; returns what to do next, nil where the connection is in order or at its end.
  private func attemptRecovery(_ index: Int, since lostAt: ContinuousClock.Instant) async -> RecoveryPlan.Step? {
    guard case .recovering = state else { return nil }
    do {
      try await establishLink(to: url.endpoints[index])
      let link = self.link
      try await restore()
      guard let link, self.link === link, case .recovering = state else { throw closedError }
    } catch {
      return recoveryFailed(error)
    }
    state = .open
    let attempts = recovery?.attempts ?? 0
    recovery?.recovered(at: .now)
    hasWorked = false
    lossReason = nil
    metrics.reconnected += 1
    logger.notice(
      "connection recovered",
      metadata: [
        "endpoint": "\(endpoint)", "attempts": "\(attempts)", "after": "\(ContinuousClock.now - lostAt)",
      ])
    resumeOpenWaiters(.success(()))
    return nil
  }

  private func recoveryFailed(_ error: any Error) -> RecoveryPlan.Step? {
    guard case .recovering = state, var plan = recovery else { return nil }
    let error = error as? RabbitMQError ?? RabbitMQError(.connectionLost, "\(error)", isRetriable: true)
    if link != nil { lose(error) }
    var generator = SystemRandomNumberGenerator()
    let step = plan.failed(error, using: &generator)
    recovery = plan
    // The same reason once more is no news.
    let isNews = lossReason?.message != error.message
    lossReason = error
    logger.log(
      level: isNews ? .warning : .debug, "connection not recovered yet",
      metadata: ["reason": "\(error)", "attempts": "\(plan.attempts)"])
    guard case .attempt = step else {
      logger.error("connection given up: the broker refuses it", metadata: ["reason": "\(error)"])
      finish(error)
      return nil
    }
    return step
  }

  /// Brings back what the lost connection had: declarations, then channels with their consumers and confirms.
  private func restore() async throws {
    let failures = try await declare(topology.steps)
    for number in channels.keys.sorted() {
      guard let channel = channels[number], channel.closeReason == nil, channel.isEstablished else { continue }
      do {
        try await open(channel, number)
        if channel.isConfirming {
          try await selectConfirms(onPresent: number)
        }
        for (consumerTag, consumer) in channel.consumers where consumer.end == nil {
          if let failure = failures[consumer.queue] {
            endConsumer(consumer, failure)
          } else {
            try await subscribe(consumer, consumerTag, on: number)
          }
        }
      } catch let error as RabbitMQError where channel.closeReason != nil && link != nil {
        // The channel's callers have been told; the others go on.
        logger.warning("channel not recovered", metadata: ["channel": "\(number)", "reason": "\(error)"])
      }
    }
  }

  // MARK: Replacing

  /// When the connection is to be replaced, or the wait for that to be possible is over.
  var ageDeadline: ContinuousClock.Instant? {
    switch state {
    case .open:
      // Under an alarm, what was published could not be waited for.
      if recovery != nil, blockedReason == nil, let age = options.maximumAge, let openedAt = link?.openedAt {
        openedAt + age
      } else {
        nil
      }
    case .recycling(let deadline): drainWaiter == nil ? nil : deadline
    default: nil
    }
  }

  func checkAge() {
    if let drainWaiter {
      let isDrained = channels.values.allSatisfy(\.isDrained)
      if isDrained || ageDeadline.map({ $0 <= now }) ?? true {
        if !isDrained, case .recycling = state { logUndrained() }
        self.drainWaiter = nil
        drainWaiter.resume()
      }
    }
    guard case .open = state, let deadline = ageDeadline, deadline <= now else { return }
    state = .recycling(deadline: now + options.drainTimeout)
    Task { [weak self] in await self?.recycle() }
  }

  /// Says what the replacement of the connection has waited for in vain.
  private func logUndrained() {
    let channels = channels.values
    logger.notice(
      "the connection is replaced although something is under way on it",
      metadata: [
        "unconfirmed": "\(channels.reduce(0) { $0 + $1.confirms.count })", "unsettled": "\(unsettledCount)",
        "requests": "\(channels.flatMap { $0.requests.map(\.description) }.joined(separator: ", "))",
      ])
  }

  private func recycle() async {
    guard case .recycling = state, let link else { return }
    for (number, channel) in channels where channel.closeReason == nil {
      for (consumerTag, consumer) in channel.consumers where consumer.isSubscribed {
        await subscriptionsAnswered(on: channel)
        guard case .recycling = state, self.link === link else { return }
        _ = try? await exchange(.cancel(consumerTag: consumerTag), on: number, "cancelling the consumer")
        consumer.isSubscribed = false
      }
    }
    guard case .recycling = state, self.link === link else { return }
    await withCheckedContinuation { drainWaiter = $0 }
    guard case .recycling = state, self.link === link else { return }
    link.goodbyeDeadline = .now + options.closeTimeout
    attempt { try send(.connectionClose(ReplyText(code: 200, text: "replaced by a new one")), on: 0) }
  }
}
