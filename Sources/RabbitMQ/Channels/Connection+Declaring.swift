import Logging

extension Connection {
  func declare(_ exchange: ExchangeDeclaration, on number: UInt16) async throws {
    let reply = try await request(.exchangeDeclare(exchange), on: number, "declaring the exchange \(exchange.name)")
    guard reply == .exchangeDeclareOK else { throw unexpected(reply) }
    topology.declared(exchange)
  }

  func declare(_ queue: QueueDeclaration, on number: UInt16) async throws -> QueueStatus {
    let reply = try await request(.queueDeclare(queue), on: number, "declaring the queue \(queue.name)")
    guard case .queueDeclareOK(let status) = reply else { throw unexpected(reply) }
    topology.declared(queue)
    return status
  }

  func bind(_ bindings: [Binding], on number: UInt16) async throws {
    let deadline = ContinuousClock.now + options.requestTimeout
    try await waitUntilOpen(deadline)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for binding in bindings {
        group.addTask {
          let reply = try await self.exchange(
            .queueBind(binding), on: number, Topology.Step.binding(binding).description)
          guard reply == .queueBindOK else { throw await self.unexpected(reply) }
        }
      }
      try await group.waitForAll()
    }
    for binding in bindings { topology.bound(binding) }
  }

  func unbind(_ binding: Binding, on number: UInt16) async throws {
    let reply = try await request(.queueUnbind(binding), on: number, "unbinding \(binding.queue)")
    guard reply == .queueUnbindOK else { throw unexpected(reply) }
    topology.unbound(binding)
  }

  func deleteQueue(_ name: String, on number: UInt16) async throws -> Int {
    // First, so that a consumer which the broker cancels for it does not have it made again.
    topology.deleted(queue: name)
    let reply = try await request(.queueDelete(queue: name), on: number, "deleting the queue \(name)")
    guard case .queueDeleteOK(let messages) = reply else { throw unexpected(reply) }
    return Int(messages)
  }

  func selectConfirms(on number: UInt16) async throws {
    try await waitUntilOpen(.now + options.requestTimeout)
    try await selectConfirms(onPresent: number)
  }

  /// The same on the connection that there is, also while it is being recovered.
  func selectConfirms(onPresent number: UInt16) async throws {
    let reply = try await exchange(.confirmSelect, on: number, "turning confirms on")
    guard reply == .confirmSelectOK else { throw unexpected(reply) }
    channels[number]?.isConfirming = true
  }

  /// Declares what was declared before, on a channel that is used for nothing else.
  ///
  /// - Returns: by name of queue, what keeps one from being declared. What the broker refuses is forgotten, with a line in
  ///   the log: it would be refused again each time.
  /// - Throws: what ended the connection meanwhile.
  func declare(_ steps: [Topology.Step]) async throws -> [String: RabbitMQError] {
    var failures: [String: RabbitMQError] = [:]
    var rest = steps[...]
    // Bindings can be many, and a broker far away: the answers are waited for together. The error of one closes the channel
    // for all; then each is asked for by itself, to know which it was.
    var bindsInOneGo = true
    while !rest.isEmpty {
      let number = try await allocateChannel(isTransient: true)
      do {
        while let step = rest.first {
          if case .binding = step, bindsInOneGo {
            try await exchangeAll(rest, on: number)
            rest = []
          } else {
            _ = try await exchange(step.method, on: number, step.description)
            rest.removeFirst()
          }
        }
        await closeChannel(number)
      } catch let error as RabbitMQError where error.isChannelError {
        await closeChannel(number)
        guard let step = rest.first else { break }
        if case .binding = step, bindsInOneGo {
          bindsInOneGo = false
          continue
        }
        forget(step, error)
        if case .queue(let queue) = step { failures[queue.name] = error }
        rest.removeFirst()
      }
    }
    return failures
  }

  private func forget(_ step: Topology.Step, _ error: RabbitMQError) {
    switch step {
    case .exchange(let exchange): topology.dropped(exchange: exchange.name)
    // One that is only asked for was not recorded.
    case .queue(let queue): if !queue.isPassive { topology.deleted(queue: queue.name) }
    case .binding(let binding): topology.unbound(binding)
    }
    logger.warning("not declared again", metadata: ["what": "\(step.description)", "reason": "\(error)"])
  }

  private func exchangeAll(_ steps: ArraySlice<Topology.Step>, on number: UInt16) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for step in steps {
        group.addTask { _ = try await self.exchange(step.method, on: number, step.description) }
      }
      try await group.waitForAll()
    }
  }
}

extension RabbitMQError {
  /// Whether the broker closed a channel with it, and the connection goes on.
  var isChannelError: Bool {
    switch code {
    case .accessRefused, .notFound, .preconditionFailed, .acknowledgementTimedOut, .channelClosed: true
    default: false
    }
  }
}
