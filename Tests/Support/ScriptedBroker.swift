import Glibc
import Synchronization

/// A server that speaks just enough AMQP 0-9-1 to send what a real broker never would.
///
/// It answers the handshake and the requests of one connection after the other on a thread of its own; a test adds what
/// is to be sent, as bytes, when a certain method arrives.
public final class ScriptedBroker: Sendable {
  /// Class and method id of what a client sends, as AMQP numbers them.
  public struct Method: Sendable, Hashable {
    let classID: UInt16
    let methodID: UInt16

    /// `connection.start-ok`, the first step of a client's handshake.
    public static let startOK = Method(classID: 10, methodID: 11)
    /// `channel.open`.
    public static let channelOpen = Method(classID: 20, methodID: 10)
    /// `channel.close`.
    public static let channelClose = Method(classID: 20, methodID: 40)
    /// `basic.qos`.
    public static let qos = Method(classID: 60, methodID: 10)
    /// `basic.publish`; its content follows in other frames.
    public static let publish = Method(classID: 60, methodID: 40)
    /// `basic.cancel`.
    public static let cancel = Method(classID: 60, methodID: 30)
    /// `channel.close-ok`.
    public static let channelCloseOK = Method(classID: 20, methodID: 41)
    /// `connection.open`, the last step of a client's handshake.
    public static let open = Method(classID: 10, methodID: 40)
    /// `basic.consume`.
    public static let consume = Method(classID: 60, methodID: 20)
    /// `basic.ack`.
    public static let ack = Method(classID: 60, methodID: 80)
    /// `queue.declare`.
    public static let queueDeclare = Method(classID: 50, methodID: 10)
    /// `queue.bind`.
    public static let queueBind = Method(classID: 50, methodID: 20)
    /// `queue.unbind`.
    public static let queueUnbind = Method(classID: 50, methodID: 50)
  }

  /// What a client's method is answered with: the channel goes in, bytes come out; nil leaves it to the broker's own answer.
  public typealias Script = @Sendable (Method, UInt16) -> [UInt8]?

  private let listener: Int32
  private let script: Script
  /// What a script answers to have the connection closed without a word.
  public static let hangUp = Array("hang up".utf8)

  private let received = Mutex<[Method]>([])
  private let contentHeaders = Mutex<[[UInt8]]>([])
  /// Where it listens.
  public let port: Int

  /// The broker's URL.
  public var url: String { "amqp://drover:drover@127.0.0.1:\(port)/?connection_timeout=5" }

  /// Starts listening on a free port.
  public init(_ script: @escaping Script) throws {
    let (listener, port) = try Loopback.listen()
    (self.listener, self.port, self.script) = (listener, port, script)
    let server = self
    let context = Unmanaged.passRetained(Box { server.serve() }).toOpaque()
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { context in
        context.map { Unmanaged<Box>.fromOpaque($0).takeRetainedValue().body() }
        return nil
      }, context)
    guard status == 0 else { throw DeadlinePassed(description: "no thread for the scripted broker") }
    pthread_detach(thread)
  }

  /// Ends it; clients find their connections closed.
  public func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  /// How often a method arrived.
  public func count(of method: Method) -> Int { received.withLock { $0.count { $0 == method } } }

  /// The headers of the messages that were published, as they came: properties and all.
  public var headers: [[UInt8]] { contentHeaders.withLock { $0 } }

  private final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private func serve() {
    while true {
      let client = accept(listener, nil, nil)
      guard client >= 0 else { break }
      converse(client)
      close(client)
    }
    close(listener)
  }

  private func converse(_ client: Int32) {
    guard read(client, 8) != nil else { return }
    send(client, Frames.method(10, 10, channel: 0, [0, 9, 0, 0, 0, 0] + Frames.long("PLAIN") + Frames.long("en_US")))
    while let header = read(client, 7) {
      let channel = UInt16(header[1]) << 8 | UInt16(header[2])
      let size = header[3..<7].reduce(0) { $0 << 8 | Int($1) }
      guard let payload = read(client, size + 1) else { return }
      if header[0] == 2 { contentHeaders.withLock { $0.append(payload) } }
      guard header[0] == 1 else { continue }
      let method = Method(
        classID: UInt16(payload[0]) << 8 | UInt16(payload[1]), methodID: UInt16(payload[2]) << 8 | UInt16(payload[3]))
      received.withLock { $0.append(method) }
      let answer = script(method, channel) ?? Self.answer(to: method, on: channel)
      if answer == Self.hangUp { return }
      if let answer { send(client, answer) }
      if method == Method(classID: 10, methodID: 50) { return }
    }
  }

  private static func answer(to method: Method, on channel: UInt16) -> [UInt8]? {
    func ok(_ arguments: [UInt8] = []) -> [UInt8] {
      Frames.method(method.classID, method.methodID + 1, channel: channel, arguments)
    }
    return switch (method.classID, method.methodID) {
    case (10, 11): Frames.method(10, 30, channel: 0, [7, 255, 0, 2, 0, 0, 0, 0])
    case (10, 40), (60, 30): ok(Frames.short(""))
    case (10, 50), (20, 40), (40, 10), (50, 20), (60, 10), (85, 10): ok()
    case (20, 10): ok([0, 0, 0, 0])
    case (50, 50): Frames.method(50, 51, channel: channel, [])
    case (50, 10): ok(Frames.short("queue") + [0, 0, 0, 0, 0, 0, 0, 0])
    case (60, 20): ok(Frames.short("drover-\(channel)"))
    default: nil
    }
  }

  private func read(_ client: Int32, _ count: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count < count {
      var buffer = [UInt8](repeating: 0, count: count - bytes.count)
      let read = recv(client, &buffer, buffer.count, 0)
      guard read > 0 else { return nil }
      bytes += buffer[..<read]
    }
    return bytes
  }

  private func send(_ client: Int32, _ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = Glibc.send(client, Array(rest), rest.count, Int32(MSG_NOSIGNAL))
      guard sent > 0 else { return }
      rest = rest.dropFirst(sent)
    }
  }
}

/// Frames of AMQP 0-9-1 as bytes.
public enum Frames {
  /// A method frame.
  public static func method(_ classID: UInt16, _ methodID: UInt16, channel: UInt16, _ arguments: [UInt8]) -> [UInt8] {
    frame(1, channel, word(classID) + word(methodID) + arguments)
  }

  /// A message's header, of any class.
  public static func header(
    channel: UInt16, classID: UInt16 = 60, bodySize: UInt64, flags: UInt16 = 0, properties: [UInt8] = []
  ) -> [UInt8] {
    let size = (0..<8).map { UInt8(truncatingIfNeeded: bodySize >> UInt64(56 - 8 * $0)) }
    return frame(2, channel, word(classID) + [0, 0] + size + word(flags) + properties)
  }

  /// A part of a message's body.
  public static func body(channel: UInt16, _ bytes: [UInt8]) -> [UInt8] { frame(3, channel, bytes) }

  /// `basic.deliver`, for the consumer that a channel of ours has.
  public static func deliver(channel: UInt16, tag: UInt64, isRedelivered: Bool = false) -> [UInt8] {
    method(
      60, 60, channel: channel,
      short("drover-\(channel)") + number(tag) + [isRedelivered ? 1 : 0] + short("exchange") + short("key"))
  }

  /// `basic.ack` from a broker: what was published up to the tag, or under it, is taken care of.
  public static func ack(channel: UInt16, tag: UInt64, multiple: Bool = false) -> [UInt8] {
    method(60, 80, channel: channel, number(tag) + [multiple ? 1 : 0])
  }

  /// `basic.nack` from a broker.
  public static func nack(channel: UInt16, tag: UInt64, multiple: Bool = false) -> [UInt8] {
    method(60, 120, channel: channel, number(tag) + [multiple ? 1 : 0])
  }

  /// A message that is handed back, with its message-id and an empty body.
  public static func returned(channel: UInt16, messageID: String) -> [UInt8] {
    method(60, 50, channel: channel, [1, 56] + short("NO_ROUTE") + short("") + short("key"))
      + header(channel: channel, bodySize: 0, flags: 0x0080, properties: short(messageID))
  }

  /// `connection.blocked`, or `connection.unblocked` without a reason.
  public static func blocked(_ reason: String?) -> [UInt8] {
    reason.map { method(10, 60, channel: 0, short($0)) } ?? method(10, 61, channel: 0, [])
  }

  /// `channel.close` with a reply code.
  public static func channelClose(channel: UInt16, code: UInt16, _ text: String) -> [UInt8] {
    method(20, 40, channel: channel, word(code) + short(text) + [0, 0, 0, 0])
  }

  /// `channel.close-ok`.
  public static func channelCloseOK(channel: UInt16) -> [UInt8] { method(20, 41, channel: channel, []) }

  /// `basic.consume-ok`, for the consumer that a channel of ours has.
  public static func consumeOK(channel: UInt16) -> [UInt8] {
    method(60, 21, channel: channel, short("drover-\(channel)"))
  }

  /// `queue.declare-ok`, of an empty queue.
  public static func declareOK(channel: UInt16) -> [UInt8] {
    method(50, 11, channel: channel, short("queue") + [0, 0, 0, 0, 0, 0, 0, 0])
  }

  /// `basic.cancel` from a broker: the consumer that a channel of ours has is no more.
  public static func cancel(channel: UInt16) -> [UInt8] {
    method(60, 30, channel: channel, short("drover-\(channel)") + [1])
  }

  /// A heartbeat.
  public static let heartbeat = frame(8, 0, [])

  private static func number(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * $0)) }
  }

  /// A short string.
  public static func short(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + Array(text.utf8) }

  /// A long string.
  public static func long(_ text: String) -> [UInt8] { word(0) + word(UInt16(text.utf8.count)) + Array(text.utf8) }

  private static func word(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }

  private static func frame(_ kind: UInt8, _ channel: UInt16, _ payload: [UInt8]) -> [UInt8] {
    let size = payload.count
    return [kind] + word(channel) + word(UInt16(size >> 16)) + word(UInt16(size & 0xFFFF)) + payload + [0xCE]
  }
}
