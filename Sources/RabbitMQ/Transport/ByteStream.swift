/// A connection's bytes, plain or encrypted; nothing here ever waits.
///
/// Used by one thread at a time: made by the one that dials, then handed to the connection's own.
protocol ByteStream: AnyObject {
  /// The socket, for polling.
  var descriptor: Int32 { get }
  /// Whether reading goes on only when the socket takes bytes, as TLS may ask.
  var readNeedsWritability: Bool { get }
  /// Whether writing goes on only when the socket has bytes, as TLS may ask.
  var writeNeedsReadability: Bool { get }
  /// Whether bytes may lie ready in the stream itself, of which a poll of the socket would not tell.
  var holdsBytes: Bool { get }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(RabbitMQError) -> StreamRead
  /// Writes what fits and returns how many bytes that was; 0 where the socket is full.
  func write(_ bytes: UnsafeRawBufferPointer) throws(RabbitMQError) -> Int
  /// Says goodbye where the protocol has a way to, and hangs up.
  func close()
}

/// What a read brought.
enum StreamRead: Equatable {
  case bytes(Int)
  /// Nothing has arrived.
  case nothing
  /// The peer has hung up.
  case end
}
