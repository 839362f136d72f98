import Glibc

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Cuts a stream of lines into blocks of whole lines, so that several tasks can work on one file.
///
/// Each block goes through a ``DocumentSplitter`` for lines that was restarted with the block's
/// ``Block/firstLine`` and has the same `maximumDocumentBytes`. Besides the blocks it keeps at most
/// one line that has no end yet; of one that is too long only so much is handed out that the
/// splitter sees it.
public struct LineBlocks: Sendable {
  /// Some whole lines.
  public struct Block: Sendable {
    /// The number of its first line, from 1.
    public fileprivate(set) var firstLine = 1
    /// The lines with their ends; the stream's last line may lack its own.
    public fileprivate(set) var bytes: [UInt8] = []

    /// Makes a block to be filled, again and again with the same memory.
    public init() {}
  }

  private let blockBytes: Int
  private let maximumDocumentBytes: Int
  private var rest: [UInt8] = []
  private var line = 1
  private var isAtEnd = false
  // The rest of this line belongs to one that was too long.
  private var isSkipping = false

  /// Makes blocks for one stream.
  ///
  /// - Parameters:
  ///   - blockBytes: About how large a block is.
  ///   - maximumDocumentBytes: What the splitters allow.
  public init(blockBytes: Int = 256 << 10, maximumDocumentBytes: Int = 16 << 20) {
    self.blockBytes = max(1, blockBytes)
    self.maximumDocumentBytes = maximumDocumentBytes
  }

  /// Fills a block with the next lines; false at the end.
  ///
  /// - Parameters:
  ///   - block: Loses what it had, and keeps its memory.
  ///   - read: Fills some of a buffer and says how many bytes; 0 at the end of the stream.
  public mutating func next(
    into block: inout Block, _ read: (UnsafeMutableRawBufferPointer) throws -> Int
  ) rethrows -> Bool {
    while !isAtEnd || !rest.isEmpty {
      try fill(&block.bytes, read)
      if isSkipping, !dropLongLine(&block.bytes) { continue }
      block.firstLine = line
      if cut(&block.bytes) { return true }
    }
    block.bytes.removeAll(keepingCapacity: true)
    return false
  }

  private mutating func fill(
    _ bytes: inout [UInt8], _ read: (UnsafeMutableRawBufferPointer) throws -> Int
  ) rethrows {
    bytes.removeAll(keepingCapacity: true)
    bytes += rest
    var count = bytes.count
    bytes += repeatElement(0, count: blockBytes)
    rest.removeAll(keepingCapacity: true)
    while count < bytes.count, !isAtEnd {
      let added = try bytes.withUnsafeMutableBytes { buffer in
        let free = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
        return min(try read(free), free.count)
      }
      if added <= 0 { isAtEnd = true } else { count += added }
    }
    bytes.removeLast(bytes.count - count)
  }

  private mutating func dropLongLine(_ bytes: inout [UInt8]) -> Bool {
    guard let end = bytes.firstIndex(of: 0x0A) else { return false }
    isSkipping = false
    line += 1
    bytes.removeFirst(end + 1)
    return true
  }

  // Leaves whole lines only; false where there are none yet.
  private mutating func cut(_ bytes: inout [UInt8]) -> Bool {
    if isAtEnd { return !bytes.isEmpty }
    if let last = bytes.withUnsafeBytes({ $0.lastIndex(of: 0x0A) }) {
      rest += bytes[(last + 1)...]
      bytes.removeLast(bytes.count - last - 1)
      line += Self.lineCount(bytes)
      return true
    }
    if bytes.count > maximumDocumentBytes {
      isSkipping = true
      return true
    }
    rest += bytes
    return false
  }

  private static func lineCount(_ bytes: [UInt8]) -> Int {
    bytes.withUnsafeBytes { bytes in
      guard var start = bytes.baseAddress else { return 0 }
      let end = start + bytes.count
      var count = 0
      // The system's search looks at many bytes at once; a loop over the bytes took a tenth of a whole validation.
      while let found = memchr(start, 0x0A, end - start) {
        count += 1
        start = UnsafeRawPointer(found) + 1
      }
      return count
    }
  }
}
