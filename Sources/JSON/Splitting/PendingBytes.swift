/// The bytes of a stream that are not handed out yet, with padding behind them.
struct PendingBytes: Sendable {
  /// The bytes and the padding.
  private(set) var bytes = [UInt8](repeating: 0, count: JSONParser.padding)
  /// The first byte that is still needed.
  var start = 0
  /// The first byte that was not looked at.
  var position = 0

  /// The index after the last byte of the stream so far.
  var end: Int { bytes.count - JSONParser.padding }

  mutating func append(_ chunk: UnsafeRawBufferPointer) {
    bytes.removeLast(JSONParser.padding)
    if start > 0 {
      bytes.removeFirst(start)
      position -= start
      start = 0
    }
    bytes.reserveCapacity(bytes.count + chunk.count + JSONParser.padding)
    bytes.append(contentsOf: chunk)
    bytes.append(contentsOf: repeatElement(0, count: JSONParser.padding))
  }

  /// Forgets everything and keeps the memory.
  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    bytes.append(contentsOf: repeatElement(0, count: JSONParser.padding))
    (start, position) = (0, 0)
  }

  /// Forgets everything before the position.
  mutating func drop() { start = position }

  /// Steps over a byte order mark; nil where it takes more bytes to know.
  mutating func skipByteOrderMark(isFinished: Bool) -> Bool? {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let head = bytes[start..<min(start + mark.count, end)]
    if head.count < mark.count, !isFinished, mark.starts(with: head) { return nil }
    if head.elementsEqual(mark) {
      position = start + mark.count
      drop()
    }
    return true
  }
}
