import Testing

@testable import RabbitMQ

@Suite struct ContentAssemblerTests {
  let delivery = Content.Announcement.delivery(
    DeliveryHeader(consumerTag: "c", deliveryTag: 1, isRedelivered: false, exchange: "e", routingKey: "k"))

  @Test func aMessageWithoutBodyIsWholeWithItsHeader() throws {
    var assembler = ContentAssembler()
    try assembler.begin(delivery)
    let content = try assembler.header(bodySize: 0, MessageProperties(messageID: "m"))
    #expect(content == Content(announcement: delivery, properties: .init(messageID: "m"), body: []))
    #expect(assembler.isIdle)
  }

  @Test(arguments: [[5], [1, 4], [2, 0, 3], [1, 1, 1, 1, 1]])
  func aBodyIsPutTogetherFromAnyNumberOfFrames(_ sizes: [Int]) throws {
    var assembler = ContentAssembler()
    try assembler.begin(delivery)
    #expect(try assembler.header(bodySize: 5, .init()) == nil)
    var bytes = Array("hello".utf8)[...]
    var content: Content?
    for size in sizes {
      #expect(content == nil)
      content = try assembler.body(Array(bytes.prefix(size)))
      bytes = bytes.dropFirst(size)
    }
    #expect(content?.body == Array("hello".utf8))
    #expect(assembler.isIdle)
  }

  @Test func framesOutOfOrderAreAnErrorAndNeverAMessage() throws {
    var assembler = ContentAssembler()
    #expect(throws: RabbitMQError.self) { try assembler.header(bodySize: 1, .init()) }
    #expect(throws: RabbitMQError.self) { try assembler.body([1]) }
    try assembler.begin(delivery)
    #expect(throws: RabbitMQError.self) { try assembler.begin(delivery) }
    #expect(throws: RabbitMQError.self) { try assembler.body([1]) }
    #expect(try assembler.header(bodySize: 2, .init()) == nil)
    #expect(throws: RabbitMQError.self) { try assembler.body([1, 2, 3]) }
  }

  @Test func anAnnouncedSizeBeyondRabbitMQsLimitIsAnError() throws {
    var assembler = ContentAssembler()
    try assembler.begin(delivery)
    #expect(throws: RabbitMQError.self) {
      try assembler.header(bodySize: ContentAssembler.maximumBodySize + 1, .init())
    }
  }
}
