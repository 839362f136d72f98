import Glibc

/// A TCP connection with TLS over it.
final class TLSStream: ByteStream {
  private let session: TLSSession
  private var isOpen = true

  /// - Parameter session: one whose handshake is done; its socket is closed with the stream.
  init(_ session: TLSSession) { self.session = session }

  deinit { close() }

  var descriptor: Int32 { session.descriptor }
  var readNeedsWritability: Bool { session.pollEvents(reading: true, writing: false) & Int16(POLLOUT) != 0 }
  var writeNeedsReadability: Bool { session.pollEvents(reading: false, writing: true) & Int16(POLLIN) != 0 }
  var holdsBytes: Bool { session.hasInput }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(RabbitMQError) -> StreamRead {
    switch try session.read(into: buffer) {
    case .bytes(let count): .bytes(count)
    case .wouldBlock: .nothing
    case .end: .end
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(RabbitMQError) -> Int {
    switch try session.write(bytes) {
    case .bytes(let count): count
    case .wouldBlock: 0
    }
  }

  func close() {
    guard isOpen else { return }
    isOpen = false
    session.shutdown()
    Glibc.close(session.descriptor)
  }
}
