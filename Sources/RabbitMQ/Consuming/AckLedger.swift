/// Which deliveries of a channel are settled, and what to tell the broker.
///
/// Acknowledgements go out for the longest prefix of tags that is settled, all in one `basic.ack`: settling a delivery
/// late holds those behind it back, never the other way round.
struct AckLedger {
  private enum Settlement {
    case open, acknowledged, rejected
  }

  /// `settlements[head]` belongs to tag `firstTag`.
  private var settlements: [Settlement] = []
  private var head = 0
  /// The oldest tag of which the broker has not been told; a channel counts its deliveries from 1.
  private var firstTag: UInt64 = 1

  /// How many deliveries are neither acknowledged nor rejected by the application.
  private(set) var openCount = 0

  /// Notes a delivery.
  ///
  /// - Throws: `protocolViolation` where the broker leaves a tag out or repeats one.
  mutating func delivered(_ tag: UInt64) throws(RabbitMQError) {
    let expected = firstTag + UInt64(settlements.count - head)
    guard tag == expected else {
      throw RabbitMQError(.protocolViolation, "delivery \(tag) came where \(expected) was due")
    }
    settlements.append(.open)
    openCount += 1
  }

  /// Settles one delivery; false where it is not open: unknown, or settled before.
  mutating func acknowledge(_ tag: UInt64) -> Bool { settle(tag, as: .acknowledged) }

  /// Settles one delivery that the broker is told of by itself; false where it is not open.
  mutating func reject(_ tag: UInt64) -> Bool { settle(tag, as: .rejected) }

  /// The tag up to which the broker may be told now, if it has not been.
  mutating func takeAcknowledgeable() -> UInt64? {
    var last: UInt64?
    while head < settlements.count, settlements[head] != .open {
      // A rejected one at the end of the prefix is known to the broker: an ack for it would be an error.
      if settlements[head] == .acknowledged { last = firstTag }
      head += 1
      firstTag += 1
    }
    if head > 64, head * 2 > settlements.count {
      settlements.removeFirst(head)
      head = 0
    }
    return last
  }

  private mutating func settle(_ tag: UInt64, as settlement: Settlement) -> Bool {
    guard tag >= firstTag, tag - firstTag < UInt64(settlements.count - head) else { return false }
    let index = head + Int(tag - firstTag)
    guard settlements[index] == .open else { return false }
    settlements[index] = settlement
    openCount -= 1
    return true
  }
}
