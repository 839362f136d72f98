/// The messages of one call to submit, and what became of them.
///
/// Unchecked, because it is touched on its connection's thread only; others just carry it in a ``PublishReceipt``.
final class PublishBatch: @unchecked Sendable {
  private var outcomes: [PublishOutcome?]
  private var openCount: Int
  private var waiters: [CheckedContinuation<[PublishOutcome], Never>] = []
  let deadline: ContinuousClock.Instant

  init(count: Int, deadline: ContinuousClock.Instant) {
    outcomes = Array(repeating: nil, count: count)
    openCount = count
    self.deadline = deadline
  }

  var isComplete: Bool { openCount == 0 }

  /// Notes an outcome; the first one of a message stays.
  func settle(_ index: Int, _ outcome: PublishOutcome) {
    guard outcomes[index] == nil else { return }
    outcomes[index] = outcome
    openCount -= 1
    guard isComplete else { return }
    for waiter in waiters { waiter.resume(returning: outcomes.compactMap { $0 }) }
    waiters = []
  }

  /// Gives every message without an outcome this one.
  func settleRest(_ outcome: PublishOutcome) {
    for index in outcomes.indices { settle(index, outcome) }
  }

  func wait(_ continuation: CheckedContinuation<[PublishOutcome], Never>) {
    if isComplete { continuation.resume(returning: outcomes.compactMap { $0 }) } else { waiters.append(continuation) }
  }
}

/// A message on its way.
struct Publication {
  let message: Message
  let batch: PublishBatch
  let index: Int
  /// Why the broker handed it back, where it did: a return comes ahead of the confirm.
  var returnReason: String?
}
