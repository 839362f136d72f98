/// Messages on their way, and in time what became of them.
public struct PublishReceipt: Sendable {
  let connection: Connection
  let batch: PublishBatch

  /// The outcome of each message, in the order in which they were handed in; available once there is one for each.
  public var outcomes: [PublishOutcome] {
    get async { await connection.outcomes(of: batch) }
  }
}
