import JobStore

/// Hands what changes in a store on to everybody who watches a project. The store is followed for as long as anybody does.
actor ChangeFeed {
  private let store: any Store
  private var watchers: [Int: ChangeWatcher] = [:]
  private var last = 0
  private var following: Task<Void, Never>?

  init(_ store: any Store) { self.store = store }

  /// What tells of changes in a repository from now on, and the number to ``leave(_:)`` with.
  func watch(_ repository: Int64) -> (number: Int, watcher: ChangeWatcher) {
    let watcher = ChangeWatcher(repository)
    last += 1
    watchers[last] = watcher
    if following == nil {
      following = Task { [store] in for await change in store.changes() { tell(change) } }
    }
    return (last, watcher)
  }

  /// Ends what ``watch(_:)`` began.
  func leave(_ number: Int) {
    watchers[number] = nil
    guard watchers.isEmpty else { return }
    following?.cancel()
    following = nil
  }

  private func tell(_ change: StoreChange) {
    for watcher in watchers.values { watcher.take(change) }
  }
}
