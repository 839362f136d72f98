import Testing

@testable import RabbitMQ

@Suite struct OutboxTests {
  func publication(_ number: Int, size: Int = 1, of batch: PublishBatch, at index: Int = 0) -> Publication {
    Publication(
      message: Message(exchange: "", routingKey: "\(number)", body: [UInt8](repeating: 0, count: size)), batch: batch,
      index: index)
  }

  func batch(_ count: Int = 1) -> PublishBatch { PublishBatch(count: count, deadline: .now + .seconds(60)) }

  func keys(_ publications: [Publication]) -> [String] { publications.map(\.message.routingKey) }

  @Test func messagesLeaveInTheOrderInWhichTheyCame() {
    var outbox = Outbox()
    var left: [Int] = []
    for number in 0..<5_000 {
      outbox.append(publication(number, of: batch()))
      if number.isMultiple(of: 3), let next = outbox.take() { left.append(Int(next.message.routingKey) ?? -1) }
    }
    while let next = outbox.take() { left.append(Int(next.message.routingKey) ?? -1) }
    #expect(left == Array(0..<5_000))
    #expect(outbox.isEmpty && outbox.bytes == 0)
  }

  @Test func bothMessagesAndBytesAreBounded() {
    var outbox = Outbox()
    for number in 0..<Outbox.capacity {
      #expect(outbox.hasRoom)
      outbox.append(publication(number, of: batch()))
    }
    #expect(!outbox.hasRoom)
    var other = Outbox()
    // One that is larger than the bound has to get through all the same.
    #expect(other.hasRoom)
    other.append(publication(0, size: Outbox.byteCapacity + 1, of: batch()))
    #expect(!other.hasRoom)
    _ = other.take()
    #expect(other.hasRoom)
  }

  @Test func whatIsPutBackGoesFirst() {
    var outbox = Outbox()
    for number in 0..<10 { outbox.append(publication(number, of: batch())) }
    var sent: [Publication] = []
    for _ in 0..<4 { if let next = outbox.take() { sent.append(next) } }
    outbox.append(publication(10, of: batch()))
    outbox.putBack(sent)
    #expect(keys(outbox.drain()) == (0...10).map(String.init))
  }

  @Test func whatIsSettledIsNotSent() {
    var outbox = Outbox()
    let both = batch(2)
    let kept = batch()
    outbox.append(publication(0, size: 10, of: both, at: 0))
    outbox.append(publication(1, size: 100, of: kept))
    outbox.append(publication(2, size: 1_000, of: both, at: 1))
    both.settleRest(.refused)
    outbox.dropSettled()
    #expect(outbox.bytes == 100)
    #expect(keys(outbox.drain()) == ["1"])
  }
}
