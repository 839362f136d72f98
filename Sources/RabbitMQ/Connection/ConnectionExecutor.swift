import Glibc

/// What a connection wants to be woken for.
struct PollRequest {
  /// The socket, nil while there is none.
  var descriptor: Int32?
  /// Whether to wake when the socket has bytes to read.
  var wantsRead = true
  /// Whether to wake when the socket takes bytes.
  var wantsWrite = false
  /// How long to sleep at most, nil for as long as nothing happens.
  var timeout: Duration?
}

/// The part of a connection that its thread drives.
protocol ExecutorDriver: AnyObject, Sendable {
  /// Does the socket's work and says what to wait for; called on the executor's thread only.
  func pump(isReadable: Bool) -> PollRequest
}

/// A thread that is an actor's executor and polls the actor's socket in between.
///
/// librabbitmq's handles must not be shared between threads and its calls can block: on a thread of its own neither is
/// a concern of anybody else's, and the compiler checks it as actor isolation. Crossing to the thread costs some
/// microseconds, so callers cross with arrays.
final class ConnectionExecutor: SerialExecutor, Sendable {
  private struct State {
    var jobs: [UnownedJob] = []
    var isWakeUpPending = false
    var isShutDown = false
    var thread: pthread_t?
  }

  /// The longest sleep, in seconds; a deadline may be further away than poll can be told.
  private static let longestSleep: Int64 = 86_400

  private let state = Lock(State())
  private let wakeUpRead: Int32
  private let wakeUpWrite: Int32
  private let driver = Lock(WeakDriver())

  private struct WeakDriver {
    weak var driver: (any ExecutorDriver)?
  }

  init() throws(RabbitMQError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw RabbitMQError(.outOfMemory, "no file descriptors for a connection: \(String(cString: strerror(errno)))")
    }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    wakeUpRead = ends[0]
    wakeUpWrite = ends[1]
  }

  deinit {
    Glibc.close(wakeUpRead)
    Glibc.close(wakeUpWrite)
  }

  /// Starts the thread, which keeps the executor (not the driver) alive until ``shutdown()``.
  func start(driving driver: any ExecutorDriver) throws(RabbitMQError) {
    self.driver.withLock { $0.driver = driver }
    let context = Unmanaged.passRetained(self).toOpaque()
    var thread = pthread_t()
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    pthread_attr_init(attributes)
    defer {
      pthread_attr_destroy(attributes)
      attributes.deallocate()
    }
    // librabbitmq decodes nested tables by recursion, and a frame of 128 KiB can nest them 26,000 deep.
    pthread_attr_setstacksize(attributes, 64 << 20)
    let status = pthread_create(
      &thread, attributes,
      { context in
        guard let context else { return nil }
        Unmanaged<ConnectionExecutor>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context)
    guard status == 0 else {
      Unmanaged<ConnectionExecutor>.fromOpaque(context).release()
      throw RabbitMQError(.outOfMemory, "no thread for a connection: \(String(cString: strerror(status)))")
    }
    pthread_detach(thread)
  }

  /// Ends the thread once every job that was handed in has run. For the owner's deinit: no job may come afterwards.
  func shutdown() {
    state.withLock { $0.isShutDown = true }
    wakeUp()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let mustWake = state.withLock { state in
      state.jobs.append(job)
      defer { state.isWakeUpPending = true }
      return !state.isWakeUpPending
    }
    if mustWake { wakeUp() }
  }

  func checkIsolated() {
    let isHere = state.withLock { state in
      state.thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false
    }
    precondition(isHere, "called outside the connection's thread")
  }

  private func wakeUp() {
    var byte: UInt8 = 1
    // A full pipe means that a wake-up is under way already.
    _ = write(wakeUpWrite, &byte, 1)
  }

  private func run() {
    state.withLock { $0.thread = pthread_self() }
    var isReadable = false
    while true {
      while true {
        let jobs = state.withLock { state in
          defer { state.jobs = [] }
          state.isWakeUpPending = false
          return state.jobs
        }
        if jobs.isEmpty { break }
        for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
      }
      if state.withLock({ $0.isShutDown && $0.jobs.isEmpty }) { return }
      let request = driver.withLock { $0.driver }?.pump(isReadable: isReadable) ?? PollRequest()
      isReadable = wait(for: request)
    }
  }

  /// Sleeps until the request is met or a job comes; true where the socket has bytes, an error or its end to read.
  private func wait(for request: PollRequest) -> Bool {
    var descriptors = [pollfd(fd: wakeUpRead, events: Int16(POLLIN), revents: 0)]
    if let socket = request.descriptor {
      descriptors.append(
        pollfd(
          fd: socket, events: Int16((request.wantsRead ? POLLIN : 0) | (request.wantsWrite ? POLLOUT : 0)), revents: 0))
    }
    let milliseconds = request.timeout.map { timeout -> Int32 in
      let (seconds, attoseconds) = min(timeout, .seconds(Self.longestSleep)).components
      // Rounded up: waking a moment before a deadline would spin until it.
      return Int32(clamping: max(0, seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
    guard poll(&descriptors, nfds_t(descriptors.count), milliseconds ?? -1) > 0 else { return false }
    if descriptors[0].revents != 0 {
      var bytes = (UInt64(0), UInt64(0))
      while withUnsafeMutableBytes(of: &bytes, { read(wakeUpRead, $0.baseAddress, $0.count) }) > 0 {}
    }
    return descriptors.count > 1 && descriptors[1].revents & Int16(POLLIN | POLLERR | POLLHUP) != 0
  }
}
