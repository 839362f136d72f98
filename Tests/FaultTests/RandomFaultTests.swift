import Foundation
import Support
import Testing

extension FaultTests {
  /// Faults of every kind at random moments, and the account of every message.
  ///
  /// DROVER_SEED repeats the choices of a run, DROVER_FAULT_ROUNDS says how many faults there are on both queues
  /// together, DROVER_FAULTS names the kinds, with commas in between, and DROVER_FAULT_ACCOUNT a file that the account
  /// is added to; DROVER_FAULT_PROGRESS another one for what is under way.
  @Suite(.serialized) struct RandomFaultTests {
    private static let reporting = FaultReport()
    private static var seed: UInt64 { reporting.seed }

    /// The faults of a run on each kind of queue: every kind before any is repeated.
    private static func plan() throws -> [TrafficOptions.QueueType: [Fault]] {
      var random = SeededGenerator(seed: seed)
      let kinds = try reporting.kinds?.map { try #require(FaultKind(rawValue: String($0)), "\($0) is no fault") }
      var faults: [Fault] = []
      let rounds = reporting.rounds
      while faults.count < rounds, kinds?.isEmpty != true {
        faults += (kinds ?? FaultKind.allCases).shuffled(using: &random).map { Fault($0, using: &random) }
      }
      let half = (rounds + 1) / 2
      return [
        .quorum: Array(faults.prefix(rounds).prefix(half)), .classic: Array(faults.prefix(rounds).dropFirst(half)),
      ]
    }

    @Test(arguments: TrafficOptions.QueueType.allCases)
    func noFaultLosesAConfirmedMessage(_ queueType: TrafficOptions.QueueType) async throws {
      let faults = try Self.plan()[queueType] ?? []
      var random = SeededGenerator(seed: Self.seed &+ (queueType == .quorum ? 1 : 2))
      try Self.reporting.note("\(queueType) queue, \(faults.count) rounds, DROVER_SEED=\(Self.seed)")
      let options = TrafficOptions(
        queueType: queueType, heartbeat: 2, confirmTimeout: .seconds(random.pick([5, 30])))
      try await Traffic.run(on: .shared(), options) { traffic in
        var rounds: [FaultAccount.Round] = []
        do {
          try await traffic.start()
          for fault in faults {
            // A random moment: so many messages later.
            let moment = traffic.ledger.withLock { $0.confirmedCount } + Int.random(in: 1...3_000, using: &random)
            try await traffic.wait("the moment of the next fault") { $0.confirmedCount >= moment }
            try Self.reporting.note("round \(rounds.count + 1)/\(faults.count): \(fault)")
            try await fault.strike(traffic)
            let recovery = try await fault.awaitRecovery(of: traffic)
            rounds.append(.init(fault: fault, recovery: recovery))
            try await traffic.audit()
            try Self.reporting.note("  messages again after \(recovery.inSeconds); \(traffic.progress)")
          }
          try await traffic.finish()
        } catch {
          try report(traffic, rounds, isComplete: false)
          throw error
        }
        try report(traffic, rounds, isComplete: true)
        let ledger = traffic.ledger.withLock { $0 }
        #expect(ledger.lostCount == 0 && ledger.outstandingCount == 0, "\(ledger.missing)")
        #expect(ledger.violations.isEmpty)
        #expect(ledger.giveUps.isEmpty, "the client recovers by itself")
        #expect(ledger.confirmedCount == ledger.count)
      }
    }

    private func report(_ traffic: Traffic, _ rounds: [FaultAccount.Round], isComplete: Bool) throws {
      let account = FaultAccount(
        seed: Self.seed, options: traffic.options, ledger: traffic.ledger.withLock { $0 }, rounds: rounds,
        isComplete: isComplete)
      try Self.reporting.account("\(account)")
    }
  }
}
