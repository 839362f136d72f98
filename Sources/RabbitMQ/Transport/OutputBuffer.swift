/// Bytes on their way to the socket.
///
/// Frames are put together here and leave many at a time: one system call a message would cost more than everything else
/// about publishing. What the socket does not take stays, so that nobody ever waits inside a write.
final class OutputBuffer {
  /// What is kept when the buffer runs empty; more is given back after a large message.
  private static let keptCapacity = 1 << 20

  private var storage: UnsafeMutableRawBufferPointer
  private var head = 0
  private var tail = 0

  init() {
    storage = .allocate(byteCount: 64 << 10, alignment: 16)
  }

  deinit { storage.deallocate() }

  /// Bytes that wait.
  var count: Int { tail - head }
  var isEmpty: Bool { head == tail }

  /// What waits, oldest first; valid until the next change.
  var pending: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage[head..<tail]) }

  /// Room for `size` bytes after those that wait. What is written there counts once it is committed.
  func reserve(_ size: Int) -> UnsafeMutableRawBufferPointer {
    if tail + size > storage.count { makeRoom(for: size) }
    return UnsafeMutableRawBufferPointer(rebasing: storage[tail..<tail + size])
  }

  /// Adds the first `size` bytes of the reserved room.
  func commit(_ size: Int) { tail += size }

  /// Drops what was sent.
  func consume(_ size: Int) {
    head += size
    guard head == tail else { return }
    head = 0
    tail = 0
    if storage.count > Self.keptCapacity { resize(to: Self.keptCapacity) }
  }

  private func makeRoom(for size: Int) {
    if count + size > storage.count {
      resize(to: max(storage.count * 2, count + size))
    } else {
      // Overlapping moves are what this call is made for.
      storage.copyMemory(from: pending)
      tail = count
      head = 0
    }
  }

  private func resize(to size: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    larger.copyMemory(from: pending)
    storage.deallocate()
    storage = larger
    tail = count
    head = 0
  }
}
