extension JSONWriter {
  /// Writes milliseconds since 1970-01-01 as whole seconds, rounded down, or null.
  mutating func seconds(_ milliseconds: Int64?) {
    guard let milliseconds else { return null() }
    integer(milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000)
  }

  /// Writes milliseconds since 1970-01-01 as calendar time, or null.
  mutating func time(_ milliseconds: Int64?) {
    guard let milliseconds else { return null() }
    var text: [UInt8] = []
    text.reserveCapacity(26)
    CalendarTime.append(milliseconds, to: &text)
    text.withUnsafeBufferPointer { string($0) }
  }
}
