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

      try await withRun(backend) { run in
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
        // What was stored before a fault may still come once more.
        try await run.waitForAcknowledgements()
        #expect(try await run.stopListeners() == [])
        let (account, left) = (try await run.store.account(), try await run.queueLength())
        #expect(account == NumberedJob.account(rounds * Self.jobsPerRound))
        let kinds = backend.faults.map { kind in "\(faults.prefix(rounds).count { $0 == kind }) of the \(kind)" }
        try Self.report.account(
          """
          \(rounds) kills while jobs are ingested into \(backend), DROVER_SEED=\(Self.report.seed): \
          \(kinds.joined(separator: ", "))
            \(rounds * Self.jobsPerRound) jobs published, \(left.ready + left.unacknowledged) messages left in the queue
            \(account)
          """)
      }
    }

    /// Runs a test on its own broker, queue and database, and clears up whatever it comes to.
    private func withRun(
      _ backend: IngestionRun.Backend, _ body: (IngestionRun) async throws -> Void
    ) async throws {
      let run = try await IngestionRun(backend)
      do { try await body(run) } catch {
        try await run.clear()
        throw error
      }
      try await run.clear()
    }

    @Test func aDatabaseThatIsDownStopsConsumingAndNothingIsAcknowledgedOrRejected() async throws {
      try await withRun(.postgreSQL) { run in
        try run.startListener()
        try await run.publish(0..<8, seed: 0)
        try await run.wait("the first jobs") { $0 == NumberedJob.account(8) }
        try await run.killDatabase()
        try await run.publish(8..<1_608, seed: 0)
        // All that the prefetch of 2,000 allows is taken, and stays unacknowledged.
        let count = (8..<1_608).reduce(0) { $0 + NumberedJob.messages($1).count }
        try await eventually("deliveries that are not acknowledged") {
          try await run.queueLength() == (count - 2_000, 2_000)
        }
        try await eventually("a word about it") { try run.listenersErrors().contains("nothing acknowledged") }
        #expect(try await run.queueLength() == (count - 2_000, 2_000))
        try await run.startDatabase()
        try await run.wait("everything to be stored") { $0 == NumberedJob.account(1_608) }
        #expect(try run.listenersErrors().contains("the store is back"))
        try await run.waitForAcknowledgements()
        #expect(try await run.stopListeners() == [])
      }
    }

    @Test func ofFourListenersOnOneDatabaseTwoAreKilledAndEverythingIsExact() async throws {
      var random = SeededGenerator(seed: Self.report.seed &+ 5)
      let (jobs, seed) = (4_000, random.next())
      let moments = [
        Int.random(in: 1...jobs / 2, using: &random), Int.random(in: jobs / 2...jobs * 9 / 10, using: &random),
      ]
      try await withRun(.postgreSQL) { run in
        for _ in 0..<4 { try run.startListener() }
        let publishing = Task { try await run.publish(0..<jobs, seed: seed) }
        for moment in moments {
          try await run.wait("the moment of the next kill") { $0.total >= moment }
          try await run.killListener()
        }
        try await publishing.value
        try await run.wait("everything to be stored") { $0 == NumberedJob.account(jobs) }
        try await run.waitForAcknowledgements()
        #expect(try await run.stopListeners() == [])
        #expect(try await run.store.account() == NumberedJob.account(jobs))
      }
    }
  }
}
