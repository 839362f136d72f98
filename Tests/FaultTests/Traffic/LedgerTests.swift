import Testing

/// The account itself: a loss that it overlooks would be found by nobody.
@Suite struct LedgerTests {
  private func ledger(_ count: Int) -> Ledger {
    var ledger = Ledger()
    #expect(ledger.take(count) == 0..<count)
    return ledger
  }

  @Test func aConfirmedMessageThatTheAuditDidNotFindIsLost() {
    var ledger = ledger(3)
    for number in 0..<2 { ledger.confirm(number) }
    ledger.audit(.success(0))
    // Never confirmed: it may be there or not.
    ledger.audit(.success(2))
    #expect(ledger.lostCount == 1)
    ledger.audit(.success(1))
    #expect(ledger.lostCount == 0)
  }

  @Test func aConfirmedMessageIsOutstandingUntilItIsReceived() {
    var ledger = ledger(3)
    ledger.confirm(0)
    ledger.receive(.success(1), isRedelivered: false)
    ledger.confirm(1)
    #expect(ledger.outstandingCount == 1 && ledger.receivedCount == 1)
    ledger.receive(.success(0), isRedelivered: true)
    #expect(ledger.outstandingCount == 0)
    #expect(ledger.redeliveredCount == 1 && ledger.repeatedCount == 0)
  }

  @Test func whatWasReceivedTwiceWithoutTheBrokersMarkWasPublishedTwice() {
    var ledger = ledger(1)
    ledger.receive(.success(0), isRedelivered: false)
    ledger.receive(.success(0), isRedelivered: false)
    ledger.receive(.success(0), isRedelivered: true)
    #expect(ledger.receivedCount == 1 && ledger.repeatedCount == 1 && ledger.redeliveredCount == 1)
  }

  @Test func aDeletedQueueExcusesWhatWasNotReceivedAndNothingLater() {
    var ledger = ledger(3)
    for number in 0..<2 { ledger.confirm(number) }
    ledger.receive(.success(0), isRedelivered: false)
    ledger.excuseUnreceived()
    #expect(ledger.outstandingCount == 0 && ledger.excusedCount == 2)
    // Its confirmation came late, its publication did not.
    ledger.confirm(2)
    #expect(ledger.outstandingCount == 0)
    let later = ledger.take(1).lowerBound
    ledger.confirm(later)
    #expect(ledger.outstandingCount == 1)
    // The audit knows no excuse.
    #expect(ledger.lostCount == 4)
  }

  @Test func whatWasNeverPublishedIsAViolation() {
    var ledger = ledger(1)
    ledger.receive(.success(1), isRedelivered: false)
    ledger.audit(.failure(.init(what: "another body")))
    #expect(ledger.violations == ["message 1 was never published", "another body"])
    #expect(ledger.receivedCount == 0 && ledger.auditedCount == 0)
  }
}
