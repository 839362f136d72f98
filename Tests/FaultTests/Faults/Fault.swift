import RabbitMQ
import Support

/// One fault, with everything chosen that is left to chance.
struct Fault: Sendable, CustomStringConvertible {
  /// Whose network fails.
  enum Side: String, Sendable, CaseIterable {
    case publisher, consumer, both
  }

  /// Which way a stalled network forwards nothing.
  enum Stall: String, Sendable, CaseIterable {
    case towardsClient = "towards the client"
    case towardsServer = "towards the server"
    case both = "both ways"
  }

  let kind: FaultKind
  /// Where it is the network that fails.
  var side = Side.both
  var stall = Stall.both
  /// How often: connections cut in a row, or refused.
  var repetitions = 1
  /// Bytes a second and at a time, where the network is slow.
  var pace = (bytesPerSecond: 400_000, chunk: 1_000)

  init(_ kind: FaultKind) { self.kind = kind }

  /// A fault of this kind whose details are left to chance.
  init(_ kind: FaultKind, using random: inout SeededGenerator) {
    self.kind = kind
    side = random.pick(Side.allCases)
    stall = random.pick(Stall.allCases)
    repetitions = Int.random(in: 1...3, using: &random)
    // Slower ones would need more than two heartbeats for one frame of the largest size.
    pace = (Int.random(in: 200_000...800_000, using: &random), Int.random(in: 50...1_500, using: &random))
  }

  var description: String {
    switch kind {
    case .killed, .silent, .closed, .alarm, .deleted: "\(kind)"
    case .cut, .refused: "\(kind) \(repetitions) times, \(side)"
    case .cutInsideFrame: "\(kind), \(side)"
    case .stalled: "\(kind) \(stall.rawValue), \(side)"
    case .slow: "\(kind) \(pace.bytesPerSecond) bytes/s in chunks of \(pace.chunk), \(side)"
    }
  }

  /// Lets it happen to `traffic`, and returns once it is over.
  func strike(_ traffic: Traffic) async throws {
    let broker = traffic.broker
    let networks = networks(of: traffic)
    switch kind {
    case .killed:
      try await broker.kill()
      try await broker.start()
    case .silent:
      let before = traffic.proxies.map(\.statistics)
      try broker.pause()
      try await eventually("both clients to give the silent broker up") {
        zip(traffic.proxies, before).allSatisfy { $0.wasGivenUp(since: $1) }
      }
      try broker.resume()
    case .closed:
      try await broker.closeConnections()
    case .alarm:
      try await broker.raiseMemoryAlarm()
      try await eventually("the broker to say that it takes no publications") {
        await traffic.publishing.blocked != nil
      }
      try await broker.clearMemoryAlarm()
    case .deleted:
      traffic.publishing.pace(false)
      try await broker.deleteQueue(traffic.queue.name)
    case .cut:
      for _ in 0..<repetitions { try await cut(networks) }
    case .cutInsideFrame:
      let before = networks.map(\.statistics)
      for network in networks { network.cutInsideFrame() }
      try await eventually("the cuts") { zip(networks, before).allSatisfy { $0.statistics.cut > $1.cut } }
    case .stalled:
      let before = networks.map(\.statistics)
      for network in networks {
        network.stallTowardsClient(stall != .towardsServer)
        network.stallTowardsServer(stall != .towardsClient)
      }
      try await eventually("the clients to give the stalled network up") {
        zip(networks, before).allSatisfy { $0.wasGivenUp(since: $1) }
      }
      for network in networks { network.resume() }
    case .slow:
      let before = networks.map(\.statistics)
      for network in networks { network.slow(bytesPerSecond: pace.bytesPerSecond, chunk: pace.chunk) }
      // About two seconds of traffic.
      try await eventually("some traffic over a slow network") {
        zip(networks, before).allSatisfy { network, before in
          let now = network.statistics
          return now.bytesTowardsServer + now.bytesTowardsClient
            >= before.bytesTowardsServer + before.bytesTowardsClient + 2 * pace.bytesPerSecond
        }
      }
      for network in networks { network.resume() }
    case .refused:
      let before = networks.map(\.statistics)
      for network in networks {
        network.refuse(true)
        network.cut()
      }
      try await eventually("\(repetitions) refused connections") {
        zip(networks, before).allSatisfy { $0.statistics.refused >= $1.refused + repetitions }
      }
      for network in networks { network.resume() }
    }
  }

  /// Waits until messages made after the fault get through, and returns how long that took from its end.
  func awaitRecovery(of traffic: Traffic) async throws -> Duration {
    let begin = ContinuousClock.now
    try await traffic.waitForProgress(from: traffic.ledger.withLock { $0.count })
    let duration = ContinuousClock.now - begin
    if kind == .deleted {
      // Messages arrive again: the queue is there, and bound, and whatever is published from now on reaches it.
      traffic.ledger.withLock { $0.excuseUnreceived() }
      traffic.publishing.pace(true)
    }
    return duration
  }

  private func networks(of traffic: Traffic) -> [FaultProxy] {
    switch side {
    case .publisher: [traffic.publisherProxy]
    case .consumer: [traffic.consumerProxy]
    case .both: traffic.proxies
    }
  }

  /// Cuts connections that are there: after a cut the clients have to come back first.
  private func cut(_ networks: [FaultProxy]) async throws {
    try await eventually("connections to cut") { networks.allSatisfy { $0.statistics.open > 0 } }
    let before = networks.map(\.statistics)
    for network in networks { network.cut() }
    try await eventually("the cuts") { zip(networks, before).allSatisfy { $0.statistics.cut > $1.cut } }
  }
}

extension FaultProxy {
  /// Whether a client ended its connection, or came for another one. A stalled network does not tell of an end.
  func wasGivenUp(since before: Statistics) -> Bool {
    let now = statistics
    return now.endedByClient > before.endedByClient || now.accepted > before.accepted
  }
}
