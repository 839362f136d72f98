import CZlib
import NIOCore

/// Compresses bytes as they come, as gzip does it.
final class GzipStream {
  /// zlib's own default is 6; the steps above 4 cost twice the time for a twentieth less of our JSON.
  private static let level: CInt = 4

  private let stream: UnsafeMutablePointer<z_stream>

  /// Nil where zlib gets no memory.
  init?() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard czlib_begin_gzip(stream, Self.level) == Z_OK else {
      stream.deallocate()
      return nil
    }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// What `bytes` add to the output, which may be nothing yet.
  func compress(_ bytes: ByteBuffer) -> ByteBuffer { run(bytes, Z_NO_FLUSH) }

  /// The output's end.
  func finish() -> ByteBuffer { run(ByteBuffer(), Z_FINISH) }

  private func run(_ input: ByteBuffer, _ flush: CInt) -> ByteBuffer {
    var output = ByteBuffer()
    input.withUnsafeReadableBytes { bytes in
      // zlib does not write there, but its header does not say so.
      stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
      stream.pointee.avail_in = UInt32(bytes.count)
      repeat {
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: max(1024, bytes.count / 4)) { space in
          stream.pointee.next_out = space.bindMemory(to: UInt8.self).baseAddress
          stream.pointee.avail_out = UInt32(space.count)
          deflate(stream, flush)
          return space.count - Int(stream.pointee.avail_out)
        }
      } while stream.pointee.avail_out == 0
      stream.pointee.next_in = nil
    }
    return output
  }
}
