import Glibc
import JSON

/// A file of job messages: a .jsonl with one a line, a .json with one or a list, or standard input as `-`.
///
/// It is read in pieces: its size does not matter.
public struct JobFile: Sendable {
  /// The path as the user gave it; standard input is called so.
  public let name: String
  /// The file's size in bytes; 0 where it has none, as a pipe.
  public let size: Int
  private let descriptor: Int32
  /// How the jobs follow one another, as far as the name says it.
  private let layoutOfName: DocumentSplitter.Layout?
  /// What was read to look at it, and not handed out yet.
  private var head: [UInt8] = []
  /// Set at the end: a terminal would ask for it a second time.
  private var isAtEnd = false

  /// How much is read at once: what a core keeps at hand.
  private static let pieceSize = 256 << 10

  /// Opens the file, and reads nothing of it yet.
  ///
  /// - Throws: ``CommandFailure`` for what cannot be read: a missing file, a folder, one without permission.
  public init(path: String) throws {
    name = path == "-" ? "standard input" : path
    if path == "-" {
      descriptor = dup(STDIN_FILENO)
    } else {
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
    }
    guard descriptor >= 0 else { throw Self.failure(name) }
    var status = stat()
    let hasStatus = fstat(descriptor, &status) == 0
    if hasStatus, status.st_mode & S_IFMT == S_IFDIR {
      Glibc.close(descriptor)
      throw CommandFailure(.inputRefused, "\(name): is a folder, a file is asked")
    }
    size = hasStatus && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
    layoutOfName = path.hasSuffix(".jsonl") ? .lines : path.hasSuffix(".json") ? .values : nil
  }

  /// Looks at the file's first piece, which may have to be waited for, and says how its jobs follow one another.
  ///
  /// - Throws: ``CommandFailure`` where the file cannot be read, and where it is no text at all: then it is better said
  ///   once than for every line of it.
  public mutating func begin() throws -> DocumentSplitter.Layout {
    head = try read()
    // Text holds no NUL; a program or an image does everywhere, and UTF-16 in every other byte. A single one may be a
    // mishap of one line, which the others need not suffer for.
    guard head.count(where: { $0 == 0 }) * 512 <= head.count else {
      throw CommandFailure(.inputRefused, "\(name): is no text in UTF-8, a file of jobs is asked")
    }
    return layoutOfName ?? (Self.beginsWithALine(head[...]) ? .lines : .values)
  }

  /// Whether the first line is an object of its own: then every other line is taken for one too, so that one that is
  /// broken costs no other.
  private static func beginsWithALine(_ head: ArraySlice<UInt8>) -> Bool {
    guard let end = head.firstIndex(of: UInt8(ascii: "\n")) else { return false }
    let line = head[..<end]
    let spaces = [UInt8(ascii: " "), UInt8(ascii: "\r"), UInt8(ascii: "\t")]
    guard line.contains(where: { !spaces.contains($0) }) else { return beginsWithALine(head[(end + 1)...]) }
    return line.first { !spaces.contains($0) } == UInt8(ascii: "{")
      && line.last { !spaces.contains($0) } == UInt8(ascii: "}")
  }

  /// Whether there is anything but white space.
  static func hasText(_ bytes: [UInt8]) -> Bool {
    bytes.contains { ![UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t")].contains($0) }
  }

  /// The size of the file at `path` in bytes; 0 where it has none.
  static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
  }

  /// Fills some of `buffer` and returns how many bytes; 0 at the end.
  ///
  /// - Throws: ``CommandFailure`` where the file cannot be read on.
  public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard head.isEmpty else {
      let count = min(head.count, buffer.count)
      buffer.copyBytes(from: head[..<count])
      head.removeFirst(count)
      return count
    }
    guard !isAtEnd else { return 0 }
    let count = try Self.read(descriptor, into: buffer, name)
    isAtEnd = count == 0
    return count
  }

  /// Waits until something can be read, or the file's end is there.
  ///
  /// - Parameters:
  ///   - isPatient: whether to wait; if not, the answer is about this moment.
  ///   - interrupt: a descriptor that ends the wait by becoming readable.
  /// - Returns: whether a read would not wait.
  func waitForInput(isPatient: Bool, interrupt: Int32 = -1) -> Bool {
    guard head.isEmpty, !isAtEnd else { return true }
    var descriptors = [
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: interrupt, events: Int16(POLLIN), revents: 0),
    ]
    while poll(&descriptors, 2, isPatient ? -1 : 0) < 0, errno == EINTR {}
    return descriptors[0].revents != 0
  }

  /// The next piece; empty at the end.
  ///
  /// - Throws: ``CommandFailure`` where the file cannot be read on.
  public mutating func read() throws -> [UInt8] {
    try Self.piece { try read(into: $0) }
  }

  private static func piece(_ read: (UnsafeMutableRawBufferPointer) throws -> Int) rethrows -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: pieceSize) { buffer, count in
      count = try read(UnsafeMutableRawBufferPointer(buffer))
    }
  }

  private static func read(
    _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, _ name: String
  ) throws -> Int {
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      guard errno == EINTR else { throw failure(name) }
    }
  }

  /// Closes the file.
  public func close() { Glibc.close(descriptor) }

  private static func failure(_ name: String) -> CommandFailure {
    CommandFailure(.inputRefused, "\(name): \(String(cString: strerror(errno)))")
  }
}
