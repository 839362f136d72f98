import Dispatch
import Glibc
import Synchronization

/// Ends a write that the peer does not let finish.
///
/// librabbitmq writes a whole frame whatever it takes: where the peer stops reading in its middle, the connection's
/// thread would wait for ever, and with it everybody who waits on the connection. Shutting the socket down from outside
/// is the one thing that gets it out.
// Unchecked for the timer alone, which Dispatch lets anybody resume and cancel.
final class SendWatchdog: @unchecked Sendable {
  private struct State {
    var descriptor: Int32
    var deadline: ContinuousClock.Instant?
    var hasFired = false
  }

  private let state: Mutex<State>
  private let limit: Duration
  private let timer: any DispatchSourceTimer

  /// - Parameter limit: how long one write may take.
  init(descriptor: Int32, limit: Duration) {
    state = Mutex(State(descriptor: descriptor))
    self.limit = limit
    timer = DispatchSource.makeTimerSource(queue: .global())
    timer.schedule(deadline: .now() + .seconds(1), repeating: .seconds(1), leeway: .milliseconds(500))
    timer.setEventHandler { [weak self] in self?.look() }
    timer.resume()
  }

  deinit {
    timer.cancel()
  }

  /// Does a write under watch; throws where it had to be ended.
  func watching<R>(_ write: () throws(RabbitMQError) -> R) throws(RabbitMQError) -> R {
    state.withLock { $0.deadline = .now + limit }
    let result: Result<R, RabbitMQError>
    do {
      result = .success(try write())
    } catch {
      result = .failure(error)
    }
    let hasFired = state.withLock { state in
      state.deadline = nil
      return state.hasFired
    }
    guard !hasFired else {
      throw RabbitMQError(.connectionLost, "the broker took no bytes for \(limit)", isRetriable: true)
    }
    return try result.get()
  }

  /// Forgets the socket, which is about to be closed: its number may soon be another's.
  func retire() {
    state.withLock { $0.descriptor = -1 }
    timer.cancel()
  }

  private func look() {
    state.withLock { state in
      guard let deadline = state.deadline, deadline <= .now, state.descriptor >= 0, !state.hasFired else { return }
      state.hasFired = true
      shutdown(state.descriptor, Int32(SHUT_RDWR))
    }
  }
}
