/// A message as it came in, whole.
struct Content: Equatable {
  /// The method that announced it.
  enum Announcement: Equatable {
    case delivery(DeliveryHeader)
    case returned(ReplyText, exchange: String, routingKey: String)
  }

  let announcement: Announcement
  let properties: MessageProperties
  let body: [UInt8]
}

/// Puts method, header and body frames of one channel together again.
struct ContentAssembler {
  private enum State {
    case idle
    case awaitingHeader(Content.Announcement)
    case awaitingBody(Content.Announcement, MessageProperties, body: [UInt8], size: Int)
  }

  /// RabbitMQ's own limit on a message (`max_message_size`, at most 512 MiB): a larger announcement is a broken stream.
  static let maximumBodySize: UInt64 = 512 << 20

  private var state = State.idle

  /// Whether a message has begun that is not whole yet.
  var isIdle: Bool { if case .idle = state { true } else { false } }

  mutating func begin(_ announcement: Content.Announcement) throws(RabbitMQError) {
    guard isIdle else { throw Self.violation("a message began inside another one") }
    state = .awaitingHeader(announcement)
  }

  /// Takes the header; returns the message where it has no body.
  mutating func header(bodySize: UInt64, _ properties: MessageProperties) throws(RabbitMQError) -> Content? {
    guard case .awaitingHeader(let announcement) = state else {
      throw Self.violation("a message header came without its method")
    }
    guard bodySize <= Self.maximumBodySize else { throw Self.violation("a message of \(bodySize) bytes is announced") }
    if bodySize == 0 {
      state = .idle
      return Content(announcement: announcement, properties: properties, body: [])
    }
    state = .awaitingBody(announcement, properties, body: [], size: Int(bodySize))
    return nil
  }

  /// Takes a part of the body; returns the message once it is whole.
  mutating func body(_ fragment: [UInt8]) throws(RabbitMQError) -> Content? {
    guard case .awaitingBody(let announcement, let properties, var body, let size) = state else {
      throw Self.violation("a message body came without its header")
    }
    state = .idle
    if body.isEmpty && fragment.count == size {
      body = fragment
    } else {
      // Grown with what really arrives: a header alone must not make this end reserve what it promises.
      body += fragment
    }
    guard body.count <= size else { throw Self.violation("a message body is longer than its header says") }
    if body.count < size {
      state = .awaitingBody(announcement, properties, body: body, size: size)
      return nil
    }
    return Content(announcement: announcement, properties: properties, body: body)
  }

  private static func violation(_ what: String) -> RabbitMQError { RabbitMQError(.protocolViolation, what) }
}
