import CRabbitMQ
import Glibc

/// The owner of one librabbitmq handle: a socket, and the codec that turns methods into frames and back.
///
/// Only its codec and its writes are used. The handshake, requests and heartbeats are ours (see ``Connection``): the
/// library's own wait inside the calls without a bound, and drop or re-queue frames of other channels while they do.
/// The handle is told that there are no heartbeats, which keeps it from reading inside a write; a write that the peer
/// does not let finish is ended by the watchdog.
final class Transport {
  private let state: amqp_connection_state_t
  private var watchdog: SendWatchdog?
  /// The other end, for errors.
  private var peer = ""
  /// Bytes of body that fit into one frame: the negotiated frame size less 7 bytes of header and 1 of end mark.
  private var bodyFrameCapacity = Transport.initialFrameMaximum - 8

  /// The frame size until `tune`; the standard asks for at least 4,096 (AMQP 0-9-1, 4.2.3), librabbitmq starts with this.
  private static let initialFrameMaximum = 65_536

  init() throws(RabbitMQError) {
    guard let state = amqp_new_connection() else {
      throw RabbitMQError(.outOfMemory, "no memory for a connection")
    }
    self.state = state
  }

  deinit {
    watchdog?.retire()
    amqp_destroy_connection(state)
  }

  /// The socket, for polling.
  var fileDescriptor: Int32 { amqp_get_sockfd(state) }

  /// Opens the TCP connection, waiting `timeout` at most for the peer's answer.
  func connect(to endpoint: Endpoint, timeout: Duration, writeTimeout: Duration) throws(RabbitMQError) {
    guard let socket = amqp_tcp_socket_new(state) else {
      throw RabbitMQError(.outOfMemory, "no memory for a socket")
    }
    amqp_tcp_socket_set_sockfd(socket, try SocketConnector.connect(to: endpoint, timeout: timeout))
    peer = endpoint.description
    watchdog = SendWatchdog(descriptor: fileDescriptor, limit: writeTimeout)
  }

  /// Sends the eight bytes with which a client opens the protocol.
  func sendProtocolHeader() throws(RabbitMQError) {
    try write("opening the protocol") { amqp_send_header(state) }
  }

  /// Takes over what the broker and this client agreed on.
  func tune(channelMaximum: UInt16, frameMaximum: UInt32) throws(RabbitMQError) {
    try check(
      amqp_tune_connection(state, Int32(channelMaximum), Int32(clamping: frameMaximum), 0), "tuning the connection")
    bodyFrameCapacity = Int(frameMaximum) - 8
  }

  func send(_ method: ClientMethod, on channel: UInt16) throws(RabbitMQError) {
    try write("sending a method") { method.withEncoded { amqp_send_method(state, channel, $0, $1) } }
  }

  func sendHeartbeat() throws(RabbitMQError) {
    var frame = amqp_frame_t()
    frame.frame_type = UInt8(AMQP_FRAME_HEARTBEAT)
    try write("sending a heartbeat") { amqp_send_frame(state, &frame) }
  }

  /// Writes the three parts of a publication: method, header and body frames.
  func publish(_ message: Message, on channel: UInt16) throws(RabbitMQError) {
    let arena = Arena()
    try write("publishing") {
      withExtendedLifetime(arena) {
        var properties = amqp_basic_properties_t(message.properties, in: arena)
        return message.body.withUnsafeBytes { body in
          amqp_basic_publish(
            state, channel, arena.bytes(message.exchange), arena.bytes(message.routingKey),
            message.isMandatory ? 1 : 0, 0, &properties,
            amqp_bytes_t(len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress)))
        }
      }
    }
    if message.body.count.isMultiple(of: bodyFrameCapacity) { flush() }
  }

  /// The next whole frame, nil where none has arrived; never waits.
  func nextFrame() throws(RabbitMQError) -> Frame? {
    var frame = amqp_frame_t()
    while true {
      var noTime = timeval()
      let status = amqp_simple_wait_frame_noblock(state, &frame, &noTime)
      if status == AMQP_STATUS_TIMEOUT.rawValue { return nil }
      try check(status, "reading")
      if let frame = try Frame(frame) { return frame }
    }
  }

  /// Gives the memory of `channel`'s frames back for reuse; call it after each whole message.
  func releaseBuffers(of channel: UInt16) {
    amqp_maybe_release_buffers_on_channel(state, channel)
  }

  /// Whether the socket takes bytes right now.
  var isWritable: Bool {
    var descriptor = pollfd(fd: fileDescriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&descriptor, 1, 0) == 1 && descriptor.revents & Int16(POLLOUT) != 0
  }

  /// Pushes out what the kernel holds back.
  ///
  /// librabbitmq marks every part of a publication but the last with MSG_MORE, and takes a body that fills its frames
  /// exactly for unfinished: its end would wait about 200 ms. Setting TCP_NODELAY, even again, sends what is held back.
  private func flush() {
    var on: Int32 = 1
    setsockopt(fileDescriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Calls the library to write something, with the watchdog on.
  private func write(_ doing: String, _ call: () -> Int32) throws(RabbitMQError) {
    guard let watchdog else { throw RabbitMQError(.closed, "the connection is not open") }
    try watchdog.watching { () throws(RabbitMQError) in try check(call(), doing) }
  }

  private func check(_ status: Int32, _ doing: String) throws(RabbitMQError) {
    guard status != AMQP_STATUS_OK.rawValue else { return }
    throw RabbitMQError(.connectionLost, "\(peer): \(doing): \(Self.describe(status))", isRetriable: true)
  }

  private static func describe(_ status: Int32) -> String {
    amqp_error_string2(status).map { String(cString: $0) } ?? "status \(status)"
  }
}

extension Frame {
  /// How librabbitmq marks a protocol header, which is no frame of AMQP; the constant is not in its public headers.
  private static let protocolHeaderType = Int32(UInt8(ascii: "A"))

  /// Copies a frame; nil for a kind that AMQP 0-9-1 does not know.
  ///
  /// - Throws: `protocolViolation` for the header of another class than basic: librabbitmq decodes it into another,
  ///   smaller struct.
  fileprivate init?(_ frame: amqp_frame_t) throws(RabbitMQError) {
    switch Int32(frame.frame_type) {
    case AMQP_FRAME_METHOD:
      self = .method(channel: frame.channel, ServerMethod(frame.payload.method))
    case AMQP_FRAME_HEADER:
      let header = frame.payload.properties
      guard Int32(header.class_id) == AMQP_BASIC_CLASS else {
        throw RabbitMQError(.protocolViolation, "a message header of class \(header.class_id) came")
      }
      let properties = header.decoded?.assumingMemoryBound(to: amqp_basic_properties_t.self).pointee
      self = .header(
        channel: frame.channel, bodySize: header.body_size, properties.map(MessageProperties.init) ?? .init())
    case AMQP_FRAME_BODY:
      self = .body(channel: frame.channel, [UInt8](frame.payload.body_fragment))
    case AMQP_FRAME_HEARTBEAT:
      self = .heartbeat
    case Self.protocolHeaderType:
      let header = frame.payload.protocol_header
      self = .protocolHeader(major: header.protocol_version_major, minor: header.protocol_version_minor)
    default:
      return nil
    }
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
