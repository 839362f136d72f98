import Glibc
import JSON

/// A file of job messages: a .jsonl with one a line, a .json with one or a list, or standard input as `-`.
///
/// It is read in pieces: its size does not matter.
public struct JobFile: Sendable {
  /// The path as the user gave it; standard input is called so.
  public let name: String
  /// How the jobs follow one another in it.
  public let layout: DocumentSplitter.Layout
  /// The file's size in bytes; 0 where it has none, as a pipe.
  public let size: Int
  private let descriptor: Int32

  /// How much is read at once.
  private static let pieceSize = 1 << 20

  /// Opens the file.
  ///
  /// - Throws: ``CommandFailure`` for what cannot be read: a missing file, a folder, one without permission.
  public init(path: String) throws {
    name = path == "-" ? "standard input" : path
    layout = path.hasSuffix(".jsonl") ? .lines : .values
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
      throw CommandFailure(.inputRefused, "\(name): is a folder, a file of jobs is asked")
    }
    size = hasStatus && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
  }

  /// The size of the file at `path` in bytes; 0 where it has none.
  static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
  }

  /// Fills some of `buffer` and returns how many bytes; 0 at the end.
  ///
  /// - Throws: ``CommandFailure`` where the file cannot be read on.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      guard errno == EINTR else { throw Self.failure(name) }
    }
  }

  /// The next piece; empty at the end.
  ///
  /// - Throws: ``CommandFailure`` where the file cannot be read on.
  public func read() throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, count in
      count = try read(into: UnsafeMutableRawBufferPointer(buffer))
    }
  }

  /// Closes the file.
  public func close() { Glibc.close(descriptor) }

  private static func failure(_ name: String) -> CommandFailure {
    CommandFailure(.inputRefused, "\(name): \(String(cString: strerror(errno)))")
  }
}
