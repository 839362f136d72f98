import CRabbitMQ

/// Turns methods and messages into frames (AMQP 0-9-1, 2.3.5), behind one another in an ``OutputBuffer``.
///
/// librabbitmq encodes what is inside a frame; the frame around it is ours, since the library would write each part to
/// the socket by itself and wait there as long as the peer likes.
final class FrameWriter {
  /// Type, channel and size ahead of a frame's payload.
  static let headerSize = 7
  /// A frame's header, and the octet that ends it.
  static let overhead = headerSize + 1
  /// What ends each frame.
  static let end: UInt8 = 0xCE
  /// What both ends take before they agree on another size (AMQP 0-9-1, frame-min-size).
  static let initialFrameMaximum = 4_096

  let output = OutputBuffer()
  private let arena = Arena()
  /// The largest frame that the peer takes, in bytes.
  var frameMaximum = FrameWriter.initialFrameMaximum

  /// The eight bytes with which a client opens the protocol.
  func appendProtocolHeader() {
    let header: [UInt8] = Array("AMQP".utf8) + [0, 0, 9, 1]
    output.reserve(header.count).copyBytes(from: header)
    output.commit(header.count)
  }

  func appendHeartbeat() {
    finish(output.reserve(Self.overhead), kind: AMQP_FRAME_HEARTBEAT, channel: 0, size: 0)
  }

  /// - Throws: `invalidArgument` where the method does not fit into a frame.
  func append(_ method: ClientMethod, on channel: UInt16) throws(RabbitMQError) {
    defer { arena.reset() }
    try method.withEncoded(in: arena) { (id, encodable) throws(RabbitMQError) in
      try appendMethod(id, encodable, channel)
    }
  }

  /// Appends the method, header and body frames of a publication.
  ///
  /// - Throws: `invalidArgument` where its headers do not fit into a frame; nothing of it is appended then.
  func append(_ message: Message, on channel: UInt16) throws(RabbitMQError) {
    defer { arena.reset() }
    var properties = amqp_basic_properties_t(message.properties, in: arena)
    try checkSize(of: &properties)
    var publish = amqp_basic_publish_t(
      ticket: 0, exchange: arena.bytes(message.exchange), routing_key: arena.bytes(message.routingKey),
      mandatory: message.isMandatory ? 1 : 0, immediate: 0)
    try appendMethod(AMQP_BASIC_PUBLISH_METHOD, &publish, channel)
    try appendPayload(AMQP_FRAME_HEADER, prefix: 12, channel) { payload, room in
      payload.storeBytes(of: UInt16(AMQP_BASIC_CLASS).bigEndian, as: UInt16.self)
      payload.storeBytes(of: 0, toByteOffset: 2, as: UInt16.self)
      payload.storeBytes(of: UInt64(message.body.count).bigEndian, toByteOffset: 4, as: UInt64.self)
      return amqp_encode_properties(
        UInt16(AMQP_BASIC_CLASS), &properties, amqp_bytes_t(len: room, bytes: payload + 12))
    }
    message.body.withUnsafeBytes { appendBody($0, channel) }
  }

  private func appendBody(_ body: UnsafeRawBufferPointer, _ channel: UInt16) {
    let capacity = frameMaximum - Self.overhead
    var rest = body
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest.prefix(capacity))
      let frame = output.reserve(part.count + Self.overhead)
      UnsafeMutableRawBufferPointer(rebasing: frame[Self.headerSize...]).copyMemory(from: part)
      finish(frame, kind: AMQP_FRAME_BODY, channel: channel, size: part.count)
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
    }
  }

  private func appendMethod(
    _ id: amqp_method_number_t, _ encodable: UnsafeMutableRawPointer, _ channel: UInt16
  ) throws(RabbitMQError) {
    try appendPayload(AMQP_FRAME_METHOD, prefix: 4, channel) { payload, room in
      payload.storeBytes(of: id.bigEndian, as: UInt32.self)
      return amqp_encode_method(id, encodable, amqp_bytes_t(len: room, bytes: payload + 4))
    }
  }

  /// Appends a frame whose size only the encoder knows: it is given more and more room until it is content.
  ///
  /// - Parameter encode: gets the payload's place and the room after `prefix` bytes; returns the size of what it wrote
  ///   behind them, or a negative number where that did not fit.
  private func appendPayload(
    _ kind: Int32, prefix: Int, _ channel: UInt16, _ encode: (UnsafeMutableRawPointer, Int) -> Int32
  ) throws(RabbitMQError) {
    let maximum = frameMaximum - Self.overhead - prefix
    var room = min(1_024, maximum)
    while true {
      let frame = output.reserve(room + prefix + Self.overhead)
      if let base = frame.baseAddress {
        let size = encode(base + Self.headerSize, room)
        if size >= 0 {
          finish(frame, kind: kind, channel: channel, size: Int(size) + prefix)
          return
        }
      }
      guard room < maximum else {
        throw RabbitMQError(.invalidArgument, "names and headers of more than \(frameMaximum) bytes fit no frame")
      }
      room = min(room * 4, maximum)
    }
  }

  /// Headers that do not fit must be noticed before a part of the message is under way.
  private func checkSize(of properties: inout amqp_basic_properties_t) throws(RabbitMQError) {
    guard properties._flags & amqp_flags_t(AMQP_BASIC_HEADERS_FLAG) != 0 else { return }
    let room = frameMaximum - Self.overhead - 12
    let trial = output.reserve(room)
    guard
      amqp_encode_properties(
        UInt16(AMQP_BASIC_CLASS), &properties, amqp_bytes_t(len: room, bytes: trial.baseAddress)) >= 0
    else {
      throw RabbitMQError(.invalidArgument, "headers of more than \(frameMaximum) bytes fit no frame")
    }
  }

  private func finish(_ frame: UnsafeMutableRawBufferPointer, kind: Int32, channel: UInt16, size: Int) {
    frame.storeBytes(of: UInt8(kind), as: UInt8.self)
    frame.storeBytes(of: channel.bigEndian, toByteOffset: 1, as: UInt16.self)
    frame.storeBytes(of: UInt32(size).bigEndian, toByteOffset: 3, as: UInt32.self)
    frame[Self.headerSize + size] = Self.end
    output.commit(size + Self.overhead)
  }
}

extension amqp_basic_properties_t {
  fileprivate init(_ properties: MessageProperties, in arena: Arena) {
    self.init()
    func set(_ flag: Int32) { _flags |= amqp_flags_t(flag) }
    if let text = properties.contentType {
      set(AMQP_BASIC_CONTENT_TYPE_FLAG)
      content_type = arena.bytes(text)
    }
    if let text = properties.contentEncoding {
      set(AMQP_BASIC_CONTENT_ENCODING_FLAG)
      content_encoding = arena.bytes(text)
    }
    if !properties.headers.isEmpty {
      set(AMQP_BASIC_HEADERS_FLAG)
      headers = arena.table(properties.headers)
    }
    set(AMQP_BASIC_DELIVERY_MODE_FLAG)
    delivery_mode = properties.isPersistent ? 2 : 1
    if let text = properties.correlationID {
      set(AMQP_BASIC_CORRELATION_ID_FLAG)
      correlation_id = arena.bytes(text)
    }
    if let text = properties.messageID {
      set(AMQP_BASIC_MESSAGE_ID_FLAG)
      message_id = arena.bytes(text)
    }
    if let seconds = properties.timestamp {
      set(AMQP_BASIC_TIMESTAMP_FLAG)
      timestamp = seconds
    }
    if let text = properties.type {
      set(AMQP_BASIC_TYPE_FLAG)
      type = arena.bytes(text)
    }
    if let text = properties.appID {
      set(AMQP_BASIC_APP_ID_FLAG)
      app_id = arena.bytes(text)
    }
  }
}
