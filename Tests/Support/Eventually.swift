/// What a test waited for in vain.
public struct DeadlinePassed: Error, CustomStringConvertible {
  /// What did not come about.
  public let description: String
}

/// Waits until `condition` holds, looking again every few milliseconds.
///
/// - Throws: ``DeadlinePassed`` where it does not hold within `limit`.
public func eventually(
  _ what: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + limit
  while try await !condition() {
    guard ContinuousClock.now < deadline else {
      throw DeadlinePassed(description: "\(what) did not come about within \(limit)")
    }
    // The pause between two looks; the deadline above is what ends the wait.
    try await Task.sleep(for: .milliseconds(5))
  }
}
