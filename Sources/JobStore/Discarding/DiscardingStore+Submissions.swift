extension DiscardingStore {
  /// Forgets them: nothing waits, and there is no number to know them by.
  public func add(_ pushes: [PushRecord]) -> (ids: [Int64], released: Int) { (pushes.map { _ in 0 }, 0) }

  /// Counts jobs and forgets them.
  public func submit(
    _ jobs: [IncomingItem], to repository: String, policy: LoadPolicy
  ) -> SubmissionOutcome { .stored(load(jobs, policy: policy)) }

  /// Refuses all: there is no job that they could be attached to.
  public func attach(_ artifacts: [AttachedArtifact], to repository: String) -> SubmissionOutcome {
    .refused(guids: Set(artifacts.map(\.jobGUID)).sorted())
  }

  /// None: no log is kept.
  public func claimWork(_ kind: LogWork.Kind, limit: Int, leaseEnd: Int64) -> [LogWork] { [] }
}
