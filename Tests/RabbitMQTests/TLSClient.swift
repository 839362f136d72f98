import Glibc

@testable import RabbitMQ

/// What a client waited for in vain.
struct PeerStopped: Error, CustomStringConvertible {
  let description: String
}

/// A client of the tests: a socket, a session over it, and reads and writes that wait.
final class TLSClient {
  let session: TLSSession
  let descriptor: Int32

  /// Connects to a port of this machine; the handshake is still to come.
  ///
  /// - Parameter host: the name that the session knows the peer by; the connection goes to 127.0.0.1 whatever it says.
  init(_ port: Int, as host: String = "localhost", _ configuration: TLSConfiguration) throws {
    let context = try TLSContext(configuration)
    descriptor = try SocketConnector.connect(to: Endpoint(host: "127.0.0.1", port: port), timeout: .seconds(10))
    do {
      session = try TLSSession(context, descriptor: descriptor, endpoint: Endpoint(host: host, port: port))
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// A client that has shaken hands.
  static func connected(
    to port: Int, as host: String = "localhost", _ configuration: TLSConfiguration
  ) throws -> TLSClient {
    let client = try TLSClient(port, as: host, configuration)
    try client.session.handshake(until: .now + .seconds(10))
    return client
  }

  /// Writes all of `bytes` and reads `count` bytes, both at once, as the socket allows.
  ///
  /// - Parameter mostAtOnce: how much of `bytes` one write is given.
  func exchange(
    sending bytes: [UInt8] = [], receiving count: Int = 0, mostAtOnce: Int = .max, within limit: Duration = .seconds(30)
  ) throws -> [UInt8] {
    let deadline = ContinuousClock.now + limit
    var received: [UInt8] = []
    var sent = 0
    var buffer = [UInt8](repeating: 0, count: 100_000)
    while sent < bytes.count || received.count < count {
      var isIdle = true
      if sent < bytes.count {
        // A copy each time: what is written may lie elsewhere when it is written again.
        let rest = Array(bytes[sent...].prefix(mostAtOnce))
        if case .bytes(let count) = try rest.withUnsafeBytes({ try session.write($0) }) {
          sent += count
          isIdle = false
        }
      }
      if received.count < count {
        let wanted = min(buffer.count, count - received.count)
        switch try buffer.withUnsafeMutableBytes({ try session.read(into: .init(rebasing: $0[..<wanted])) }) {
        case .bytes(let count):
          received += buffer[..<count]
          isIdle = false
        case .wouldBlock: break
        case .end: throw PeerStopped(description: "the peer ended after \(received.count) bytes")
        }
      }
      if isIdle { try wait(reading: received.count < count, writing: sent < bytes.count, until: deadline) }
    }
    return received
  }

  /// Reads until the peer has ended.
  func readToEnd(within limit: Duration = .seconds(30)) throws -> [UInt8] {
    let deadline = ContinuousClock.now + limit
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 10_000)
    while true {
      switch try buffer.withUnsafeMutableBytes({ try session.read(into: $0) }) {
      case .bytes(let count): received += buffer[..<count]
      case .wouldBlock: try wait(reading: true, writing: false, until: deadline)
      case .end: return received
      }
    }
  }

  /// Writes until the socket takes no more; returns how much it took.
  func fill(_ bytes: [UInt8]) throws -> Int {
    var sent = 0
    while sent < bytes.count {
      let result = try bytes.withUnsafeBytes { try session.write(.init(rebasing: $0[sent...])) }
      guard case .bytes(let count) = result else { break }
      sent += count
    }
    return sent
  }

  func wait(reading: Bool, writing: Bool, until deadline: ContinuousClock.Instant) throws {
    if reading, session.hasInput { return }
    let events = session.pollEvents(reading: reading, writing: writing)
    var descriptors = pollfd(fd: descriptor, events: events, revents: 0)
    let (seconds, attoseconds) = (deadline - .now).components
    let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    guard milliseconds > 0, poll(&descriptors, 1, Int32(clamping: milliseconds)) != 0 else {
      throw PeerStopped(description: "the peer did not go on in time")
    }
  }
}

/// Bytes that show where one is missing, twice there or out of order.
func countingBytes(_ count: Int) -> [UInt8] {
  // Digits and signs, which are no commands of the peer's, in a period that divides no power of two.
  var bytes = (0..<31).map { UInt8(33 + $0) }
  while bytes.count < count { bytes += bytes }
  return Array(bytes.prefix(count))
}
