import Logging
import RabbitMQ
import Support
import Synchronization

/// Publishes numbered messages through one connection, as fast as they are taken, until it is told to finish.
final class PublishingSide: Sendable {
  private struct State {
    var connection: Connection?
    var isFinishing = false
    var isClosed = false
    var isPaced = true
  }

  private let url: BrokerURL
  private let messages: NumberedMessage
  private let options: TrafficOptions
  private let ledger: SharedLedger
  private let logger: Logger
  private let state = Mutex(State())

  init(url: BrokerURL, messages: NumberedMessage, options: TrafficOptions, ledger: SharedLedger, logger: Logger) {
    (self.url, self.messages, self.options, self.ledger, self.logger) = (url, messages, options, ledger, logger)
  }

  /// What the broker's alarm says to this connection.
  var blocked: String? {
    get async { await state.withLock { $0.connection }?.blocked }
  }

  /// Whether to wait while the consumer has much to get; a consumer whose queue is gone would be waited for in vain.
  func pace(_ isPaced: Bool) { state.withLock { $0.isPaced = isPaced } }

  /// Makes no new messages; ``run()`` ends with the last confirmation.
  func finish() { state.withLock { $0.isFinishing = true } }

  /// Ends everything now.
  func close() async {
    let connection = state.withLock { state in
      state.isClosed = true
      return state.connection
    }
    await connection?.close()
  }

  /// Publishes until every message made before ``finish()`` is confirmed.
  func run() async throws {
    var publisher = try await open()
    var underWay: [(numbers: [Int], receipt: PublishReceipt, life: Int)] = []
    // Counts the connections: what was under way on one that ended says nothing of the next.
    var life = 0
    var again: [Int] = []
    while !state.withLock({ $0.isClosed }) {
      let numbers = nextNumbers(&again)
      if !numbers.isEmpty {
        underWay.append((numbers, await publisher.submit(numbers.map(messages.message)), life))
      } else if underWay.isEmpty {
        if state.withLock({ $0.isFinishing }) { return }
        // Just paced.
        try await eventually("room for more messages", within: .seconds(300)) {
          state.withLock { $0.isFinishing || $0.isClosed || !$0.isPaced } || !isBacklogged
        }
      }
      guard !underWay.isEmpty, numbers.isEmpty || underWay.count >= options.pipelinedBatches else { continue }
      let (oldest, receipt, itsLife) = underWay.removeFirst()
      let outcomes = await receipt.outcomes
      if let reason = settle(oldest, outcomes, &again), itsLife == life, !state.withLock({ $0.isClosed }) {
        ledger.withLock { $0.noteGiveUp("publisher: \(reason)") }
        await state.withLock { $0.connection }?.close()
        publisher = try await open()
        life += 1
      }
    }
  }

  private var isBacklogged: Bool { ledger.withLock { $0.outstandingCount } > options.backlog }

  /// What to hand in next: what was not confirmed, else new messages.
  private func nextNumbers(_ again: inout [Int]) -> [Int] {
    guard again.isEmpty else {
      defer { again = [] }
      return again
    }
    let (isFinishing, isPaced) = state.withLock { ($0.isFinishing, $0.isPaced) }
    guard !isFinishing, !(isPaced && isBacklogged) else { return [] }
    return Array(ledger.withLock { $0.take(options.batchSize) })
  }

  /// Writes outcomes down; returns why the connection is no longer of use, where that is so.
  private func settle(_ numbers: [Int], _ outcomes: [PublishOutcome], _ again: inout [Int]) -> String? {
    var end: String?
    ledger.withLock { ledger in
      for (number, outcome) in zip(numbers, outcomes) {
        if case .confirmed = outcome {
          ledger.confirm(number)
          continue
        }
        ledger.noteUnconfirmed()
        again.append(number)
        // A deadline that passed is the caller's to deal with; any other reason is the end of the connection.
        if case .unconfirmed(let error) = outcome, error.code != .timedOut { end = "\(error)" }
      }
    }
    return end
  }

  private func open() async throws -> ConfirmingPublisher {
    let link = try await TrafficLink.open(url, name: "publisher", recovery: options.recovery, logger: logger) {
      connection in
      let publisher = try await connection.openChannel().confirmingPublisher(timeout: self.options.confirmTimeout)
      return publisher
    }
    state.withLock { $0.connection = link.connection }
    return link.use
  }
}
