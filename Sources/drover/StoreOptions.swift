import ArgumentParser
import Commands
import JobStore

/// The options of a command that works on a store that is there.
struct StoreOptions: ParsableArguments {
  @Option(help: "The store, by default DROVER_STORE, or sqlite:drover.db.")
  var store: String?

  @OptionGroup var logging: LogOptions

  /// Opens the store, brings its schema up to date, and closes it when `body` has ended.
  ///
  /// - Parameter mustExist: whether a store that is not there is an error; otherwise it is made.
  /// - Throws: `StoreError`, with code `unavailable` where there is none, and what `body` throws.
  func withStore<Value>(
    mustExist: Bool = true, _ body: (any JobStore.Store) async throws -> Value
  ) async throws -> Value {
    let store = try Settings().openStore(flag: store, mustExist: mustExist)
    do {
      try await store.migrate()
      let value = try await body(store)
      try await store.close()
      return value
    } catch {
      // What went wrong first is what somebody has to know.
      try? await store.close()
      throw error
    }
  }
}
