import ArgumentParser
import Commands
import JobStore

extension Store {
  struct Copy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Copies everything into another store that is empty: from SQLite to PostgreSQL, or back.",
      discussion: """
        Stop the listeners and servers of both stores first: jobs wait in the queue meanwhile. Numbers stay what they \
        are, so that links to jobs and pushes go on to hold.

          drover store copy --store sqlite:jobs.db --to postgresql://user:password@localhost/drover
        """)

    @Option(help: "The store to copy into: sqlite:PATH or postgresql://…; it is made where there is none.")
    var to: String

    @OptionGroup var store: StoreOptions

    func run() async throws {
      var count = 0
      try await store.withStore { source in
        let target = try Settings().openStore(flag: to)
        do {
          try await target.migrate()
          guard let source = source as? DatabaseStore, let target = target as? DatabaseStore else {
            throw StoreError(.failed, "a store that keeps nothing is not copied")
          }
          var (current, progress) = ("", ProgressBar(total: 0, unit: ""))
          count = try await source.copy(into: target) { table, done, total in
            if table != current {
              progress.clear()
              (current, progress) = (table, ProgressBar(total: total, unit: "rows of \(table)"))
            }
            progress.update(done: done, count: done)
          }
          progress.clear()
          let defects = try await target.check()
          for defect in defects { Console.print("\(defect)") }
          guard defects.isEmpty else { throw StoreError(.failed, "what was copied is not in order") }
          try await target.close()
        } catch {
          try? await target.close()
          throw error
        }
      }
      Console.note("\(count) rows copied")
    }
  }
}
