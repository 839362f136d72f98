/// Messages on their way, and in time what became of them.
public struct PublishReceipt: Sendable {
  let connection: Connection
  let batch: PublishBatch

  /// The outcome of each message, in the order in which they were handed in; available once there is one for each.
  ///
  /// Where the task that waits is cancelled, the messages without an outcome are given up: those that were not sent will
  /// not be, and all of them are `unconfirmed` with the code `cancelled`.
  public var outcomes: [PublishOutcome] {
    get async {
      await withTaskCancellationHandler {
        await connection.outcomes(of: batch)
      } onCancel: {
        Task { await connection.giveUp(batch) }
      }
    }
  }
}
