import Testing

@testable import RabbitMQ

@Suite struct AckLedgerTests {
  func ledger(_ count: UInt64) throws -> AckLedger {
    var ledger = AckLedger()
    for tag in 1...count { try ledger.delivered(tag) }
    return ledger
  }

  @Test func onlyTheSettledPrefixIsAcknowledged() throws {
    var ledger = try ledger(5)
    #expect(ledger.acknowledge(2) == true)
    #expect(ledger.acknowledge(3) == true)
    #expect(ledger.takeAcknowledgeable() == nil)
    #expect(ledger.acknowledge(1) == true)
    #expect(ledger.takeAcknowledgeable() == 3)
    #expect(ledger.takeAcknowledgeable() == nil)
    #expect(ledger.openCount == 2)
  }

  @Test func aDeliveryIsSettledOnce() throws {
    var ledger = try ledger(2)
    #expect(ledger.acknowledge(1) == true)
    #expect(ledger.acknowledge(1) == false)
    #expect(ledger.reject(1) == false)
    #expect(ledger.takeAcknowledgeable() == 1)
    #expect(ledger.acknowledge(1) == false)
    #expect(ledger.acknowledge(0) == false)
    #expect(ledger.acknowledge(3) == false)
  }

  @Test func aRejectedDeliveryIsNeverAcknowledgedByItself() throws {
    var ledger = try ledger(4)
    #expect(ledger.reject(1) == true)
    #expect(ledger.takeAcknowledgeable() == nil)
    #expect(ledger.acknowledge(2) == true)
    #expect(ledger.reject(3) == true)
    #expect(ledger.takeAcknowledgeable() == 2)
    #expect(ledger.openCount == 1)
  }

  @Test func aMissingOrRepeatedTagIsAnError() throws {
    var ledger = try ledger(2)
    #expect(throws: RabbitMQError.self) { try ledger.delivered(2) }
    #expect(throws: RabbitMQError.self) { try ledger.delivered(4) }
    try ledger.delivered(3)
  }

  @Test func allIsAcknowledgedInTheEndWhateverTheOrder() throws {
    for _ in 0..<50 {
      var ledger = try ledger(1_000)
      var last: UInt64 = 0
      for tag in (UInt64(1)...1_000).shuffled() {
        #expect(ledger.acknowledge(tag) == true)
        if let upTo = ledger.takeAcknowledgeable() {
          #expect(upTo > last)
          last = upTo
        }
      }
      #expect(last == 1_000)
      #expect(ledger.openCount == 0)
    }
  }
}
