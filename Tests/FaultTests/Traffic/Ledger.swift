import RabbitMQ

/// What became of each message of a run.
struct Ledger {
  private struct Fate: OptionSet {
    let rawValue: UInt8
    static let confirmed = Fate(rawValue: 1)
    static let received = Fate(rawValue: 2)
    /// It was in the queue that is never deleted.
    static let audited = Fate(rawValue: 4)
    /// The consumer need not have it: it may have been in its queue when that was deleted, or missed it.
    static let excused = Fate(rawValue: 8)
  }

  /// By number.
  private var fates: [Fate] = []
  /// What cannot be: the first few.
  private(set) var violations: [String] = []
  /// How often the client reported an end that it should have recovered from, with its first reasons.
  private(set) var giveUps: [String] = []

  private(set) var confirmedCount = 0
  private(set) var receivedCount = 0
  private(set) var auditedCount = 0
  /// Confirmed messages that the consumer has yet to get.
  private(set) var outstandingCount = 0
  /// Publications that came to no confirmation and were handed in again.
  private(set) var unconfirmedCount = 0
  /// Deliveries of messages that had been received, without the broker's mark for it: they were published twice.
  private(set) var repeatedCount = 0
  /// Deliveries with the broker's mark that they are not the first.
  private(set) var redeliveredCount = 0
  /// Acknowledgements that the client refused, since their channel was gone.
  private(set) var refusedAcknowledgements = 0
  /// The highest numbers so far.
  private(set) var latestConfirmed = -1
  private(set) var latestReceived = -1

  /// How many messages there are; the next one has this number.
  var count: Int { fates.count }

  /// Numbers for new messages.
  mutating func take(_ count: Int) -> Range<Int> {
    let begin = fates.count
    fates += Array(repeating: [], count: count)
    return begin..<fates.count
  }

  mutating func confirm(_ number: Int) {
    if !fates[number].contains(.confirmed) {
      confirmedCount += 1
      if fates[number].isDisjoint(with: [.received, .excused]) { outstandingCount += 1 }
    }
    fates[number].insert(.confirmed)
    latestConfirmed = max(latestConfirmed, number)
  }

  mutating func noteUnconfirmed() { unconfirmedCount += 1 }
  mutating func noteRefusedAcknowledgement() { refusedAcknowledgements += 1 }
  mutating func noteGiveUp(_ reason: String) { giveUps.append(reason) }

  mutating func receive(_ result: Result<Int, NumberedMessage.Wrong>, isRedelivered: Bool) {
    guard let number = check(result) else { return }
    if isRedelivered {
      redeliveredCount += 1
    } else if fates[number].contains(.received) {
      repeatedCount += 1
    }
    if !fates[number].contains(.received) {
      receivedCount += 1
      if fates[number].intersection([.confirmed, .excused]) == .confirmed { outstandingCount -= 1 }
    }
    fates[number].insert(.received)
    latestReceived = max(latestReceived, number)
  }

  mutating func audit(_ result: Result<Int, NumberedMessage.Wrong>) {
    guard let number = check(result) else { return }
    if !fates[number].contains(.audited) { auditedCount += 1 }
    fates[number].insert(.audited)
  }

  /// After the consumer's queue was deleted and is there again: what it does not have by now, it need not get.
  mutating func excuseUnreceived() {
    for number in fates.indices where !fates[number].contains(.received) { fates[number].insert(.excused) }
    outstandingCount = 0
  }

  /// Confirmed messages that the queue of the audit did not have.
  var lostCount: Int { fates.count { $0.intersection([.confirmed, .audited]) == .confirmed } }

  /// Messages that the consumer never got and need not have got.
  var excusedCount: Int { fates.count { $0.intersection([.excused, .received]) == .excused } }

  /// A few of those that are missing, for a report.
  var missing: String {
    let lost = fates.indices.filter { fates[$0].intersection([.confirmed, .audited]) == .confirmed }
    let outstanding = fates.indices.filter {
      fates[$0].intersection([.confirmed, .received, .excused]) == .confirmed
    }
    return "lost: \(lost.prefix(20)), not received: \(outstanding.prefix(20))"
  }

  private mutating func check(_ result: Result<Int, NumberedMessage.Wrong>) -> Int? {
    switch result {
    case .success(let number) where fates.indices.contains(number): return number
    case .success(let number): note("message \(number) was never published")
    case .failure(let wrong): note(wrong.what)
    }
    return nil
  }

  private mutating func note(_ violation: String) {
    if violations.count < 20 { violations.append(violation) }
  }
}
