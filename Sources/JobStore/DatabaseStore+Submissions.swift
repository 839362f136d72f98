extension DatabaseStore {
  /// Stores pushes, see ``SubmissionStore/add(_:)``.
  public func add(_ pushes: [PushRecord]) async throws -> (ids: [Int64], released: Int) {
    try await loading(alone: true, LoadPolicy()) { loader in
      let ids = try loader.add(pushes).ids
      return (ids, loader.released)
    }
  }

  /// Stores jobs, see ``SubmissionStore/submit(_:to:policy:)``.
  public func submit(
    _ jobs: [IncomingItem], to repository: String, policy: LoadPolicy
  ) async throws -> SubmissionOutcome {
    try await loading(alone: BatchLoader.mustBeAlone(jobs), policy) { loader in
      try loader.lock()
      let guids = try loader.foreignJobs(jobs, repository)
      guard guids.isEmpty else { return .refused(guids: guids) }
      return .stored(try loader.load(jobs).report)
    }
  }

  /// Attaches artifacts to jobs, see ``SubmissionStore/attach(_:to:)``.
  public func attach(_ artifacts: [AttachedArtifact], to repository: String) async throws -> SubmissionOutcome {
    try await loading(alone: false, LoadPolicy()) { try $0.attach(artifacts, to: repository) }
  }

  /// Takes work, see ``SubmissionStore/claimWork(_:limit:leaseEnd:)``.
  public func claimWork(_ kind: LogWork.Kind, limit: Int, leaseEnd: Int64) async throws -> [LogWork] {
    try await engine.write { [engine] session in
      try LogWorkQueue.claim(
        kind, limit: limit, now: Self.now, leaseEnd: leaseEnd, engine.dialect, in: session)
    }
  }
}
