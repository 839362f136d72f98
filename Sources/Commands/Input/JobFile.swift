import Glibc
import JSON

/// A file of job messages: a .jsonl with one a line, a .json with one or a list, or standard input as `-`.
///
/// It is read in pieces: its size does not matter.
public struct JobFile {
  /// The path as the user gave it; standard input is called so.
  public let name: String
  private let descriptor: Int32
  private var splitter: DocumentSplitter
  private var isAtEnd = false
  private var isEmpty = true
  private var buffer = [UInt8](repeating: 0, count: 1 << 20)
  /// Bytes read so far.
  public private(set) var position = 0

  /// A job as it stands in the file.
  public struct Document {
    /// The line in which it begins, from 1.
    public let line: Int
    /// Its text.
    public let bytes: [UInt8]
    /// Why it is no document, where the file's structure already shows that.
    public let problem: String?
  }

  /// Opens the file.
  ///
  /// - Throws: ``CommandFailure`` for what cannot be read: a missing file, a folder, one without permission.
  public init(path: String) throws {
    name = path == "-" ? "standard input" : path
    splitter = DocumentSplitter(layout: path.hasSuffix(".jsonl") ? .lines : .values)
    if path == "-" {
      descriptor = dup(STDIN_FILENO)
    } else {
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
    }
    guard descriptor >= 0 else { throw Self.failure(name) }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      Glibc.close(descriptor)
      throw CommandFailure(.inputRefused, "\(name): is a folder, a file of jobs is asked")
    }
  }

  /// The sizes of those of the files that say one, added up; for a progress bar.
  public static func totalSize(of paths: [String]) -> Int {
    paths.reduce(0) { total, path in
      var status = stat()
      return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? total + Int(status.st_size) : total
    }
  }

  /// The next document, nil at the end.
  ///
  /// - Throws: ``CommandFailure`` where the file cannot be read on, and where it is empty.
  public mutating func next() throws -> Document? {
    while true {
      if let document = splitter.next() {
        isEmpty = false
        return Document(line: document.line, bytes: document.bytes, problem: document.problem)
      }
      if isAtEnd {
        if isEmpty { throw CommandFailure(.inputRefused, "\(name): is empty, a job is asked") }
        return nil
      }
      let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Self.failure(name) }
      position += count
      if count == 0 {
        isAtEnd = true
        splitter.finish()
      } else {
        buffer.withUnsafeBytes { splitter.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      }
    }
  }

  /// Closes the file.
  public func close() { Glibc.close(descriptor) }

  private static func failure(_ name: String) -> CommandFailure {
    CommandFailure(.inputRefused, "\(name): \(String(cString: strerror(errno)))")
  }
}
