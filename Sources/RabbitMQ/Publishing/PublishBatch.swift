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

  func isOpen(_ index: Int) -> Bool { outcomes[index] == nil }

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
    guard !isComplete else { return }
    for index in outcomes.indices { settle(index, outcome) }
  }

  func wait(_ continuation: CheckedContinuation<[PublishOutcome], Never>) {
    if isComplete {
      continuation.resume(returning: outcomes.compactMap { $0 })
    } else {
      waiters.append(continuation)
    }
  }
}

/// A message on its way.
final class Publication {
  let message: Message
  let batch: PublishBatch
  let index: Int
  /// Why the broker handed it back, where it did: a return comes ahead of the confirm.
  var returnReason: String?
  /// When it was written last.
  var sentAt: ContinuousClock.Instant?

  init(message: Message, batch: PublishBatch, index: Int) {
    self.message = message
    self.batch = batch
    self.index = index
  }

  /// Whether somebody still waits to hear what became of it.
  var isOpen: Bool { batch.isOpen(index) }

  func settle(_ outcome: PublishOutcome) { batch.settle(index, outcome) }
}
