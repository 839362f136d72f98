import ArgumentParser
import Commands
import JobStore

struct Store: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Looks after the store.",
    discussion: "  drover store stats --store sqlite:jobs.db",
    subcommands: [Stats.self, Check.self, Migrate.self, Expire.self, Copy.self])
}

extension Store {
  struct Stats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints the pushes with their jobs, counted by state and result.",
      discussion: """
        How much there is of everything else, the schema's version and the size on disk are said on standard error.

          drover store stats --store sqlite:jobs.db
        """)

    @OptionGroup var store: StoreOptions

    func run() async throws {
      try await store.withStore { store in
        for line in PushTable(try await store.pushSummaries()).lines { Console.print(line) }
        let counts = try await store.counts()
        Console.note(
          """
          \(counts.jobs) jobs in \(counts.pushes) pushes of \(counts.repositories) repositories, \(counts.logs) logs \
          with \(counts.steps) steps and \(counts.errors) errors, \(counts.details) details, \
          \(counts.artifacts) artifacts, \(counts.waiting) waiting, \(counts.rejected) rejected
          \(counts.awaitedSummaries) logs to be summarized, \(counts.awaitedSuggestions) jobs to be given bug suggestions
          schema version \(counts.schemaVersion), \(counts.size) bytes on disk
          """)
      }
    }
  }
}

extension Store {
  struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Brings the store's schema up to this program's; makes the store where there is none.",
      discussion: """
        drover listen does the same when it starts.

          drover store migrate --store postgresql://user:password@localhost/drover
        """)

    @OptionGroup var store: StoreOptions

    func run() async throws {
      let store = try Settings().openStore(flag: store.store)
      let migration = try await store.migrate()
      try await store.close()
      Console.note(
        migration.from == migration.to
          ? "the schema is at version \(migration.to): nothing to do"
          : "the schema went from version \(migration.from) to \(migration.to): \(migration.to - migration.from) steps")
    }
  }
}

extension Store {
  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Looks for what is wrong with the store, and prints a line for each finding; the status is 1 then.",
      discussion: """
        The file (SQLite), the schema's version, rows without an owner and jobs that contradict themselves are looked \
        for. Everything in the store is read, and nothing is written.

          drover store check --store sqlite:jobs.db
        """)

    @OptionGroup var store: StoreOptions

    func run() async throws {
      let store = try Settings().openStore(flag: store.store, mustExist: true)
      let defects = try await store.check()
      try await store.close()
      for defect in defects { Console.print("\(defect)") }
      Console.note(defects.isEmpty ? "nothing is wrong" : "\(defects.count) findings")
      throw defects.isEmpty ? ExitStatus.done : .inputRefused
    }
  }
}
