import CRabbitMQ

/// Cuts what the socket brings into frames, and copies what they hold out of librabbitmq's memory.
final class FrameReader {
  /// Twice the largest frame: one that is not whole yet never keeps the socket from being read.
  private static let capacity = 2 * Int(Handshake.frameMaximum)
  /// librabbitmq's pool hands memory out of pages of this size.
  private static let poolPageSize = 16 << 10

  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
  private var start = 0
  private var end = 0
  /// Where librabbitmq puts what it decodes; taken back after each frame.
  private let pool = UnsafeMutablePointer<amqp_pool_t>.allocate(capacity: 1)
  private var texts = TextCache()
  /// The largest frame that was agreed on, in bytes.
  var frameMaximum = Int(Handshake.frameMaximum)

  init() {
    pool.initialize(to: amqp_pool_t())
    init_amqp_pool(pool, Self.poolPageSize)
  }

  deinit {
    empty_amqp_pool(pool)
    pool.deallocate()
    buffer.deallocate()
  }

  /// Reads once from `stream`, as much as there is room for.
  func fill(from stream: any ByteStream) throws(RabbitMQError) -> StreamRead {
    if start == end {
      start = 0
      end = 0
    } else if start > Self.capacity / 2 {
      // Overlapping moves are what this call is made for.
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
      end -= start
      start = 0
    }
    let result = try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
    if case .bytes(let count) = result { end += count }
    return result
  }

  /// Whether the last read left nothing behind in `stream`.
  func didDrain(_ stream: any ByteStream) -> Bool { end < Self.capacity && !stream.holdsBytes }

  /// The next whole frame, nil until more has been read.
  ///
  /// - Throws: `protocolViolation` for what is no frame of AMQP 0-9-1, or a larger one than was agreed on.
  func next() throws(RabbitMQError) -> Frame? {
    let count = end - start
    guard count >= FrameWriter.overhead else { return nil }
    let bytes = UnsafeRawBufferPointer(rebasing: buffer[start..<end])
    if bytes[0] == UInt8(ascii: "A") { return try protocolHeader(bytes) }
    let size = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 3, as: UInt32.self)))
    guard size <= frameMaximum - FrameWriter.overhead else {
      throw Self.violation("a frame of \(size + FrameWriter.overhead) bytes came, \(frameMaximum) is the limit")
    }
    guard count >= size + FrameWriter.overhead else { return nil }
    guard bytes[FrameWriter.headerSize + size] == FrameWriter.end else {
      throw Self.violation("a frame did not end where its size says")
    }
    start += size + FrameWriter.overhead
    let channel = UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 1, as: UInt16.self))
    let payload = UnsafeRawBufferPointer(rebasing: bytes[FrameWriter.headerSize..<FrameWriter.headerSize + size])
    switch Int32(bytes[0]) {
    case AMQP_FRAME_METHOD: return .method(channel: channel, try method(payload))
    case AMQP_FRAME_HEADER: return try header(payload, channel)
    case AMQP_FRAME_BODY: return .body(channel: channel, [UInt8](payload))
    case AMQP_FRAME_HEARTBEAT: return .heartbeat
    case let kind: throw Self.violation("a frame of the unknown kind \(kind) came")
    }
  }

  private func method(_ payload: UnsafeRawBufferPointer) throws(RabbitMQError) -> ServerMethod {
    guard payload.count >= 4 else { throw Self.violation("a method came without its number") }
    defer { recycle_amqp_pool(pool) }
    let id = UInt32(bigEndian: payload.loadUnaligned(as: UInt32.self))
    var decoded: UnsafeMutableRawPointer?
    let status = amqp_decode_method(id, pool, Self.encoded(payload.dropFirst(4)), &decoded)
    switch status {
    case AMQP_STATUS_OK.rawValue:
      return ServerMethod(amqp_method_t(id: id, decoded: decoded), &texts)
    case AMQP_STATUS_UNKNOWN_METHOD.rawValue:
      return .other(id: id)
    case AMQP_STATUS_NO_MEMORY.rawValue:
      throw RabbitMQError(.outOfMemory, "no memory for a method of the broker's")
    default:
      throw Self.violation("the method \(id >> 16).\(id & 0xFFFF) came cut short or garbled")
    }
  }

  private func header(_ payload: UnsafeRawBufferPointer, _ channel: UInt16) throws(RabbitMQError) -> Frame {
    guard payload.count >= 14 else { throw Self.violation("a message header came cut short") }
    let classID = UInt16(bigEndian: payload.loadUnaligned(as: UInt16.self))
    // librabbitmq decodes the header of another class into another, smaller struct.
    guard classID == UInt16(AMQP_BASIC_CLASS) else {
      throw Self.violation("a message header of class \(classID) came")
    }
    defer { recycle_amqp_pool(pool) }
    let bodySize = UInt64(bigEndian: payload.loadUnaligned(fromByteOffset: 4, as: UInt64.self))
    var decoded: UnsafeMutableRawPointer?
    guard amqp_decode_properties(classID, pool, Self.encoded(payload.dropFirst(12)), &decoded) == 0,
      let properties = decoded?.assumingMemoryBound(to: amqp_basic_properties_t.self).pointee
    else { throw Self.violation("a message's properties came cut short or garbled") }
    return .header(channel: channel, bodySize: bodySize, MessageProperties(properties, &texts))
  }

  private func protocolHeader(_ bytes: UnsafeRawBufferPointer) throws(RabbitMQError) -> Frame {
    guard bytes.prefix(4).elementsEqual("AMQP".utf8) else { throw Self.violation("the peer does not speak AMQP") }
    start += 8
    return .protocolHeader(major: bytes[5], minor: bytes[6])
  }

  private static func encoded(_ bytes: Slice<UnsafeRawBufferPointer>) -> amqp_bytes_t {
    let bytes = UnsafeRawBufferPointer(rebasing: bytes)
    return amqp_bytes_t(len: bytes.count, bytes: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
  }

  private static func violation(_ what: String) -> RabbitMQError { RabbitMQError(.protocolViolation, what) }
}
