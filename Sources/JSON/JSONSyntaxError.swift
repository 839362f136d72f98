/// Text that is not strict JSON, and where.
public struct JSONSyntaxError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The line of the mistake, from 1; lines end with a line feed.
  public let line: Int
  /// The Unicode scalar in that line at which the mistake begins, from 1.
  public let column: Int
  /// The offset of the mistake from the start of the text, in bytes, from 0.
  public let byteOffset: Int
  /// What is wrong there.
  public let message: String

  /// Makes an error for a place in a text.
  public init(line: Int, column: Int, byteOffset: Int, message: String) {
    self.line = line
    self.column = column
    self.byteOffset = byteOffset
    self.message = message
  }

  /// Makes an error for a byte of a text, counting its line and column.
  init(in bytes: UnsafeRawBufferPointer, byteOffset: Int, message: String) {
    var line = 1
    var column = 1
    for byte in bytes[..<min(byteOffset, bytes.count)] {
      if byte == 0x0A {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    self.init(line: line, column: column, byteOffset: byteOffset, message: message)
  }

  /// There was no memory for the parser's buffers.
  static var outOfMemory: JSONSyntaxError {
    JSONSyntaxError(line: 1, column: 1, byteOffset: 0, message: "out of memory")
  }

  /// For example `line 3, column 7: a comma or "}" is asked here, and not "x"`.
  public var description: String { "line \(line), column \(column): \(message)" }
}
