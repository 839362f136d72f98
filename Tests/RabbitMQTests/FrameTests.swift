import Support
import Testing

@testable import RabbitMQ

/// Frames to bytes and back, in pieces of every size.
@Suite struct FrameTests {
  /// A stream that gives the bytes it was made of, a few at a time.
  final class Pieces: ByteStream {
    private var rest: ArraySlice<UInt8>
    private let size: Int
    let descriptor: Int32 = -1
    let readNeedsWritability = false
    let writeNeedsReadability = false
    let holdsBytes = false

    init(_ bytes: [UInt8], of size: Int) {
      rest = bytes[...]
      self.size = size
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(RabbitMQError) -> StreamRead {
      guard !rest.isEmpty else { return .nothing }
      let piece = rest.prefix(min(size, buffer.count))
      buffer.copyBytes(from: piece)
      rest = rest.dropFirst(piece.count)
      return .bytes(piece.count)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(RabbitMQError) -> Int { 0 }
    func close() {}
  }

  func frames(_ bytes: [UInt8], piece: Int = 1 << 20, limit: Int = 131_072) throws(RabbitMQError) -> [Frame] {
    let reader = FrameReader()
    reader.frameMaximum = limit
    let stream = Pieces(bytes, of: piece)
    var frames: [Frame] = []
    while case .bytes = try reader.fill(from: stream) {
      while let frame = try reader.next() { frames.append(frame) }
    }
    return frames
  }

  func violation(_ bytes: [UInt8]) -> String? {
    do {
      _ = try frames(bytes)
      return nil
    } catch {
      return error.code == .protocolViolation ? error.message : nil
    }
  }

  @Test(arguments: [1, 7, 8, 4_095, 131_071, 262_144])
  func framesAreTheSameInPiecesOfEverySize(_ piece: Int) throws {
    var bytes: [UInt8] = []
    var expected: [Frame] = []
    for tag in 1...40 as ClosedRange<UInt64> {
      let body = [UInt8](repeating: UInt8(tag), count: Int(tag) * 997)
      bytes += Frames.deliver(channel: 3, tag: tag) + Frames.header(channel: 3, bodySize: UInt64(body.count))
      bytes += Frames.body(channel: 3, body)
      expected += [
        .method(
          channel: 3,
          .deliver(
            DeliveryHeader(
              consumerTag: "drover-3", deliveryTag: tag, isRedelivered: false, exchange: "exchange", routingKey: "key"))
        ),
        .header(channel: 3, bodySize: UInt64(body.count), MessageProperties()), .body(channel: 3, body),
      ]
    }
    #expect(try frames(bytes, piece: piece) == expected)
  }

  @Test func whatIsNoFrameIsToldApart() {
    let deliver = Frames.deliver(channel: 1, tag: 1)
    #expect(violation([9, 0, 1, 0, 0, 0, 0, 0xCE])?.contains("unknown kind 9") == true)
    #expect(violation(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))?.isEmpty == false)
    #expect(violation(Array("Apache is not a broker".utf8))?.contains("does not speak AMQP") == true)
    #expect(violation([1, 0, 1, 0x7F, 0xFF, 0xFF, 0xFF, 0])?.contains("the limit") == true)
    #expect(violation(deliver.dropLast() + [0])?.contains("did not end") == true)
    #expect(violation(Frames.method(60, 60, channel: 1, [5, 1]))?.contains("60.60") == true)
    #expect(violation([1, 0, 1, 0, 0, 0, 2, 0, 60, 0xCE])?.contains("without its number") == true)
    #expect(violation(Frames.header(channel: 1, classID: 10, bodySize: 0))?.contains("class 10") == true)
    #expect(violation(Frames.header(channel: 1, bodySize: 0, flags: 0x8000, properties: [200, 1]))?.isEmpty == false)
  }

  @Test func noBytesFromOutsideDoMoreThanBreakTheStream() {
    var random = SystemRandomNumberGenerator()
    let good =
      Frames.deliver(channel: 1, tag: 1) + Frames.header(channel: 1, bodySize: 3, flags: 0x8000, properties: [1, 65])
      + Frames.body(channel: 1, [1, 2, 3])
    for _ in 0..<20_000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      _ = try? frames(bytes, piece: Int.random(in: 1...64, using: &random))
    }
  }

  @Test(arguments: [0, 1, 4_087, 4_088, 4_089, 8_176, 100_000])
  func aPublicationIsCutIntoFramesThatThePeerTakes(_ size: Int) throws {
    let writer = FrameWriter()
    let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let properties = MessageProperties(contentType: "text/plain", headers: ["a": .array([1, "b"])], messageID: "m")
    try writer.append(Message(exchange: "x", routingKey: "k", properties: properties, body: body), on: 5)
    let bytes = Array(writer.output.pending)
    let result = try frames(bytes, limit: FrameWriter.initialFrameMaximum)
    guard result.count >= 2, case .method(5, .other) = result[0], case .header(5, let count, let read) = result[1]
    else {
      Issue.record("\(result.prefix(2))")
      return
    }
    #expect(count == UInt64(size) && read == properties)
    let bodies = result.dropFirst(2).map { if case .body(5, let part) = $0 { part } else { [] as [UInt8] } }
    #expect(Array(bodies.joined()) == body)
    #expect(bodies.allSatisfy { !$0.isEmpty })
  }

  @Test func headersThatFitNoFrameAreRefusedAndNothingIsSent() throws {
    let writer = FrameWriter()
    let headers: FieldTable = ["a": .string(String(repeating: "x", count: 5_000))]
    let error = #expect(throws: RabbitMQError.self) {
      try writer.append(Message(exchange: "", routingKey: "k", properties: .init(headers: headers), body: [1]), on: 1)
    }
    #expect(error?.code == .invalidArgument)
    #expect(writer.output.isEmpty)
    writer.frameMaximum = 131_072
    try writer.append(Message(exchange: "", routingKey: "k", properties: .init(headers: headers), body: [1]), on: 1)
    #expect(try frames(Array(writer.output.pending)).count == 3)
  }

  @Test func whatTheSocketDoesNotTakeStaysInOrder() {
    let output = OutputBuffer()
    var expected: [UInt8] = []
    var taken: [UInt8] = []
    var random = SystemRandomNumberGenerator()
    for round in 0..<2_000 {
      let size = Int.random(in: 1...3_000, using: &random)
      let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: round), count: size)
      output.reserve(size + 100).copyBytes(from: bytes)
      output.commit(size)
      expected += bytes
      let part = Int.random(in: 0...output.count, using: &random)
      taken += output.pending.prefix(part)
      output.consume(part)
    }
    taken += output.pending
    #expect(taken == expected)
  }
}
