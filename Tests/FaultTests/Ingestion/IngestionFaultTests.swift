import Foundation
import Support
import Testing

extension FaultTests {
  /// The way from the broker into the store, while one of the programs on it is killed at random moments.
  ///
  /// DROVER_SEED repeats the choices of a run; DROVER_FAULT_ROUNDS says how many faults there are on both databases
  /// together. DROVER_FAULT_ACCOUNT and DROVER_FAULT_PROGRESS are as in ``RandomFaultTests``.
  @Suite(.serialized) struct IngestionFaultTests {
    private static let report = FaultReport()
    /// Jobs a round: enough to be in the middle of them for a while.
    private static let jobsPerRound = 400

    @Test(arguments: IngestionRun.Backend.allCases)
    func everyPublishedJobIsStoredOnceWhateverIsKilled(_ backend: IngestionRun.Backend) async throws {
      var random = SeededGenerator(seed: Self.report.seed &+ (backend == .sqlite ? 3 : 4))
      let rounds = (Self.report.rounds + (backend == .sqlite ? 0 : 1)) / 2
      var faults: [IngestionFault] = []
      while faults.count < rounds { faults += backend.faults.shuffled(using: &random) }
      try Self.report.note("\(backend), \(rounds) rounds, DROVER_SEED=\(Self.report.seed)")

      let run = try await IngestionRun(backend)
      do {
        try run.startListener()
        for (round, fault) in faults.prefix(rounds).enumerated() {
          let before = try await run.store.account().total
          let numbers = round * Self.jobsPerRound..<(round + 1) * Self.jobsPerRound
          let seed = random.next()
          let publishing = Task { try await run.publish(numbers, seed: seed) }
          let moment = before + Int.random(in: 1...Self.jobsPerRound * 9 / 10, using: &random)
          try await run.wait("the moment of the next fault") { $0.total >= moment }
          try Self.report.note(
            "round \(round + 1)/\(rounds): the \(fault) is killed after \(moment) of \(numbers.upperBound)")
          try await run.strike(fault)
          try await publishing.value
          let expected = NumberedJob.account(numbers.upperBound)
          try await run.wait("everything published to be stored") { $0 == expected }
        }
        #expect(try await run.stopListener() == nil)
        let (account, left) = (try await run.store.account(), try await run.queueLength())
        #expect(account == NumberedJob.account(rounds * Self.jobsPerRound) && left == 0)
        let kinds = backend.faults.map { kind in "\(faults.prefix(rounds).count { $0 == kind }) of the \(kind)" }
        try Self.report.account(
          """
          \(rounds) kills while jobs are ingested into \(backend), DROVER_SEED=\(Self.report.seed): \
          \(kinds.joined(separator: ", "))
            \(rounds * Self.jobsPerRound) jobs published, \(left) messages left in the queue
            \(account)
          """)
      } catch {
        try await run.clear()
        throw error
      }
      try await run.clear()
    }
  }
}
