import Foundation
import Glibc
import Synchronization

/// The process's two outputs: data goes to standard output, everything about it to standard error.
public enum Console {
  /// The command's name, ahead of errors.
  public static let program = Mutex("drover")

  /// The system's number for why data could not be written, nil where it could.
  static let outputFailure = Mutex<Int32?>(nil)

  /// Whether a person looks at standard error.
  public static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes a line of data.
  public static func print(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

  /// Writes data as it is.
  public static func printBytes(_ bytes: [UInt8]) { bytes.withUnsafeBytes { write($0, to: STDOUT_FILENO) } }

  /// Writes a value as a line of JSON.
  public static func printJSON(_ value: some Encodable) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // What is printed are texts and whole numbers, which can always be encoded.
    guard let line = try? encoder.encode(value) else { return }
    print(String(decoding: line, as: UTF8.self))
  }

  /// Writes lines of data that end with their line ends.
  static func printText(_ text: String) { write(text, to: STDOUT_FILENO) }

  /// Writes a line about the work.
  public static func note(_ line: String) { write(redacted(line) + "\n", to: STDERR_FILENO) }

  /// Writes an error as one line, whatever it contains.
  public static func report(_ error: String) {
    let line = error.split(whereSeparator: \.isNewline).joined(separator: " ")
    note("\(program.withLock { $0 }): \(line)")
  }

  /// The text without what stands between `://` and `@` in it: users paste URLs where none belongs, and errors repeat them.
  static func redacted(_ text: String) -> String {
    guard text.contains("@") else { return text }
    return text.replacing(/(:\/\/)[^@\s]*@/) { "\($0.output.1)…@" }
      .replacing(/([A-Za-z0-9._-]+):[^@\s\/]+@/) { "\($0.output.1):…@" }
  }

  /// Writes text without ending the line.
  static func draw(_ text: String) { write(text, to: STDERR_FILENO) }

  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor) }
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        // A reader that has seen enough and went away is no failure; a full disk is.
        if descriptor == STDOUT_FILENO, errno != EPIPE { outputFailure.withLock { [code = errno] in $0 = code } }
        return
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }
}
