import Glibc

/// A TCP connection as it is.
final class PlainStream: ByteStream {
  let descriptor: Int32
  private var isOpen = true

  /// - Parameter descriptor: a connected socket that does not block; it is closed with the stream.
  init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close() }

  var readNeedsWritability: Bool { false }
  var writeNeedsReadability: Bool { false }
  var holdsBytes: Bool { false }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(RabbitMQError) -> StreamRead {
    while true {
      let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      if count > 0 { return .bytes(count) }
      if count == 0 { return .end }
      if errno == EAGAIN || errno == EWOULDBLOCK { return .nothing }
      guard errno == EINTR else { throw failure("reading") }
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(RabbitMQError) -> Int {
    while true {
      // A peer that has gone is an error of this call, not a signal that ends the process.
      let count = send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
      if count >= 0 { return count }
      if errno == EAGAIN || errno == EWOULDBLOCK { return 0 }
      guard errno == EINTR else { throw failure("writing") }
    }
  }

  func close() {
    guard isOpen else { return }
    isOpen = false
    Glibc.close(descriptor)
  }

  private func failure(_ doing: String) -> RabbitMQError {
    RabbitMQError(.connectionLost, "\(doing): \(String(cString: strerror(errno)))", isRetriable: true)
  }
}
