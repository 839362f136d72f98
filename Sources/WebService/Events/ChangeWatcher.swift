import JobStore
import Synchronization

/// What changed in a repository since somebody asked the last time; however much that is, it is one set of numbers.
final class ChangeWatcher: Sendable {
  /// What somebody is told.
  enum News: Sendable, Equatable {
    /// Nothing, for as long as was waited.
    case nothing
    case pushes([Int64])
    /// Too many to name them, or nobody knows which.
    case anything
    /// Nothing will be told any more.
    case end
  }

  /// With more the list is asked for again as a whole anyway.
  private static let maximumPushes = 100

  private struct State {
    var pushes: Set<Int64> = []
    var isAnything = false
    var isEnded = false
    var waiter: CheckedContinuation<Void, Never>?

    var isQuiet: Bool { pushes.isEmpty && !isAnything && !isEnded }
  }

  private let repository: Int64
  private let state = Mutex(State())

  init(_ repository: Int64) { self.repository = repository }

  func take(_ change: StoreChange) {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      switch change {
      case .anything: state.isAnything = true
      case .pushes(let pushes, let repository):
        guard repository == self.repository else { return nil }
        state.pushes.formUnion(pushes)
      }
      if state.pushes.count > Self.maximumPushes { state.isAnything = true }
      if state.isAnything { state.pushes = [] }
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }

  /// Ends it, for whoever waits too.
  func end() {
    state.withLock { $0.isEnded = true }
    wake()
  }

  /// What changed, as soon as something has; nothing where that takes longer than `patience`. The end of the task is one
  /// of this, too.
  func next(within patience: Duration) async -> News {
    let timer = Task { [self] in
      try? await Task.sleep(for: patience)
      wake()
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isDue = state.withLock { state in
          guard state.isQuiet, !Task.isCancelled else { return true }
          state.waiter = continuation
          return false
        }
        if isDue { continuation.resume() }
      }
    } onCancel: {
      wake()
    }
    timer.cancel()
    return state.withLock { state in
      defer { (state.pushes, state.isAnything) = ([], false) }
      if state.isEnded || Task.isCancelled { return .end }
      if state.isAnything { return .anything }
      return state.pushes.isEmpty ? .nothing : .pushes(state.pushes.sorted())
    }
  }

  private func wake() {
    state.withLock { state in
      defer { state.waiter = nil }
      return state.waiter
    }?.resume()
  }
}
