import Dispatch

/// What blocks a thread until a test lets it go on. For the closures of transactions, which run on threads of their own.
struct Gate: Sendable {
  /// Nobody opened it within a minute.
  struct Shut: Error {}

  private let semaphore = DispatchSemaphore(value: 0)

  /// Lets one through.
  func open() { semaphore.signal() }

  /// Waits on the thread.
  func pass() throws {
    guard semaphore.wait(timeout: .now() + 60) == .success else {
      throw Shut()
    }
  }
}
