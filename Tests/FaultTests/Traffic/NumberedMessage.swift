import RabbitMQ

/// The messages of a run: everything in one follows from its number, so that what arrives can be checked.
struct NumberedMessage {
  /// The run that the messages belong to; message-ids begin with it.
  let run: String
  let exchange: String
  /// The size of every body in bytes; nil for many sizes, some of them above the largest frame.
  let bodySize: Int?

  /// The message with this number.
  func message(_ number: Int) -> Message {
    Message(
      exchange: exchange, routingKey: "numbered",
      properties: MessageProperties(isPersistent: true, messageID: "\(run)-\(number)"), body: body(number))
  }

  /// The number of what was delivered, or what is wrong with it.
  func check(_ delivery: Delivery) -> Result<Int, Wrong> {
    let id = delivery.properties.messageID ?? "none"
    guard id.hasPrefix("\(run)-"), let number = Int(id.dropFirst(run.count + 1)) else {
      return .failure(Wrong(what: "the message-id \(id) was never published"))
    }
    guard delivery.body == body(number) else {
      return .failure(Wrong(what: "message \(id) came with another body of \(delivery.body.count) bytes"))
    }
    return .success(number)
  }

  /// A delivery that cannot be.
  struct Wrong: Error {
    let what: String
  }

  private func body(_ number: Int) -> [UInt8] {
    let head = Array("\(number) ".utf8)
    return head + Array(repeating: UInt8(truncatingIfNeeded: number), count: max(size(number) - head.count, 0))
  }

  private func size(_ number: Int) -> Int {
    if let bodySize { return bodySize }
    // RabbitMQ's largest frame is 131,072 bytes: these take two.
    if number % 1_009 == 1_008 { return 200_000 }
    return number % 97 == 96 ? 8_000 : 20 + number * 31 % 500
  }
}
