/// Makes message-ids: a random part for the connection, and a number.
struct MessageCount {
  /// 128 bits: among as many connections as there ever will be no two have the same.
  private let prefix =
    String(UInt64.random(in: .min ... .max), radix: 16)
    + String(UInt64.random(in: .min ... .max), radix: 16)
  private var number = 0

  mutating func next() -> String {
    number += 1
    return "\(prefix)-\(number)"
  }
}

extension Message {
  /// The message with a message-id: a return is told by it which message it means.
  func identified(by count: inout MessageCount) -> Message {
    guard properties.messageID == nil else { return self }
    var message = self
    message.properties.messageID = count.next()
    return message
  }

  /// Refuses what AMQP cannot carry.
  ///
  /// - Throws: `invalidArgument` for a name, key or property over 255 bytes.
  func check() throws(RabbitMQError) {
    let strings = [
      exchange, routingKey, properties.contentType, properties.contentEncoding, properties.correlationID,
      properties.messageID, properties.type, properties.appID,
    ]
    for case let string? in strings { try ShortString.check(string) }
  }
}
