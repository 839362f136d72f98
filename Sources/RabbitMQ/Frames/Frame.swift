/// One frame from the broker.
enum Frame: Equatable, Sendable {
  case method(channel: UInt16, ServerMethod)
  case header(channel: UInt16, bodySize: UInt64, MessageProperties)
  case body(channel: UInt16, [UInt8])
  case heartbeat
  /// The broker speaks another version of AMQP and says which.
  case protocolHeader(major: UInt8, minor: UInt8)
}
