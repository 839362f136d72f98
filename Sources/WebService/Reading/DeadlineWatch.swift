import Synchronization

/// Calls back what has not been taken away by its deadline.
///
/// One task looks a few times a second for as long as there is something to wait for: a timer for every request would
/// cost more than some of the answers.
final class DeadlineWatch: Sendable {
  static let shared = DeadlineWatch()

  private struct Entry {
    let deadline: ContinuousClock.Instant
    let expire: @Sendable () -> Void
  }

  private struct State {
    // As many as requests are being answered.
    var entries: [UInt64: Entry] = [:]
    var last: UInt64 = 0
    var isWatching = false
  }

  /// How late a call may come.
  private static let interval = Duration.milliseconds(100)

  private let state = Mutex(State())

  /// Has `expire` called after `deadline`.
  ///
  /// - Returns: what to take it away with.
  func add(_ deadline: ContinuousClock.Instant, _ expire: @escaping @Sendable () -> Void) -> UInt64 {
    let (number, begins) = state.withLock { state in
      state.last += 1
      state.entries[state.last] = Entry(deadline: deadline, expire: expire)
      defer { state.isWatching = true }
      return (state.last, !state.isWatching)
    }
    if begins { Task.detached { [self] in await watch() } }
    return number
  }

  /// Takes an entry away; false where it has been called.
  func remove(_ number: UInt64) -> Bool { state.withLock { $0.entries.removeValue(forKey: number) != nil } }

  private func watch() async {
    while true {
      // Nobody cancels this task.
      try? await Task.sleep(for: Self.interval)
      let now = ContinuousClock.now
      let (expired, isDone) = state.withLock { state in
        let expired = state.entries.filter { $0.value.deadline <= now }
        for number in expired.keys { state.entries[number] = nil }
        if state.entries.isEmpty { state.isWatching = false }
        return (expired.values.map(\.expire), state.entries.isEmpty)
      }
      for expire in expired { expire() }
      if isDone { return }
    }
  }
}
