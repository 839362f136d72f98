import Glibc
import Support

/// A socket of a test's own, waited for with a deadline.
final class TestPeer: Sendable {
  /// How a connection ended.
  enum Ending {
    case orderly, reset
  }

  private let descriptor: Int32
  /// Where it listens, where it does.
  let port: Int

  /// A connection to `port`.
  init(connectedTo port: Int) throws {
    descriptor = try Loopback.connect(to: port)
    self.port = 0
  }

  private init(descriptor: Int32, port: Int) {
    (self.descriptor, self.port) = (descriptor, port)
    Loopback.setNonBlocking(descriptor)
  }

  deinit { Glibc.close(descriptor) }

  /// A server on a free port.
  static func listening() throws -> TestPeer {
    let (descriptor, port) = try Loopback.listen()
    return TestPeer(descriptor: descriptor, port: port)
  }

  /// The next connection.
  func accept() async throws -> TestPeer {
    var accepted: Int32 = -1
    try await eventually("a connection") {
      accepted = Glibc.accept(descriptor, nil, nil)
      return accepted >= 0
    }
    return TestPeer(descriptor: accepted, port: 0)
  }

  /// Takes no more connections; those that waited are reset.
  func close() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// Says that nothing follows.
  func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Sends everything.
  func send(_ bytes: [UInt8]) async throws {
    var sent = 0
    try await eventually("room to send") {
      while sent < bytes.count {
        let count = bytes[sent...].withUnsafeBytes {
          Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { return false }
        sent += count
      }
      return true
    }
  }

  /// Waits for as many bytes.
  func receive(_ count: Int) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    try await eventually("\(count) bytes") {
      while bytes.count < count, case .bytes(let more) = read(count - bytes.count) { bytes += more }
      return bytes.count == count
    }
    return bytes
  }

  /// Waits for the end, past whatever comes before it.
  func ending() async throws -> Ending {
    var ending: Ending?
    try await eventually("the end") {
      reading: while true {
        switch read(1 << 16) {
        case .bytes: continue
        case .nothing: break reading
        case .end(let how):
          ending = how
          break reading
        }
      }
      return ending != nil
    }
    return ending ?? .reset
  }

  /// Whether there is neither a byte nor an end.
  var isQuiet: Bool {
    var byte: UInt8 = 0
    return recv(descriptor, &byte, 1, Int32(MSG_PEEK)) < 0 && errno == EAGAIN
  }

  private enum Reading {
    case nothing
    case bytes([UInt8])
    case end(Ending)
  }

  private func read(_ count: Int) -> Reading {
    var buffer = [UInt8](repeating: 0, count: count)
    let read = recv(descriptor, &buffer, count, 0)
    let code = errno
    if read > 0 { return .bytes(Array(buffer[..<read])) }
    if read == 0 { return .end(.orderly) }
    return code == EAGAIN ? .nothing : .end(.reset)
  }
}
