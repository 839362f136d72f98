public import JobStore

/// What is submitted over HTTP takes the same way as messages. Somebody waits for the answer: a store that cannot be
/// reached is not tried again, and what it refuses is for the submitter to know, not for the rejected messages.
extension Pipeline {
  /// Ingests pushes with their revisions.
  ///
  /// - Returns: the pushes' ids in their order.
  /// - Throws: `StoreError` where nothing was kept.
  public func ingest(_ pushes: [PushRecord]) async throws -> [Int64] {
    let (ids, released) = try await store.add(pushes)
    counts.released += released
    return ids
  }

  /// Ingests jobs that `client` may submit to `repository`.
  ///
  /// - Parameters:
  ///   - client: who submitted them, for the record of those that wait.
  ///   - receivedTime: when they arrived, in milliseconds since 1970-01-01 00:00:00 UTC.
  /// - Throws: `StoreError` where nothing was kept.
  public func ingest(
    _ jobs: [JobRecord], to repository: String, by client: String, receivedTime: Int64
  ) async throws -> SubmissionOutcome {
    let origin = IncomingItem.Origin(exchange: "http", routingKey: client, receivedTime: receivedTime)
    let outcome = try await store.submit(
      jobs.map { IncomingItem(origin: origin, content: .job($0)) }, to: repository, policy: policy)
    if case .stored(let report) = outcome { count(report) }
    return outcome
  }

  /// Ingests artifacts of jobs of `repository`.
  ///
  /// - Throws: `StoreError` where nothing was kept.
  public func ingest(_ artifacts: [AttachedArtifact], to repository: String) async throws -> SubmissionOutcome {
    try await store.attach(artifacts, to: repository)
  }
}
