import ArgumentParser
import Commands
import JobStore

struct Store: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Looks after the store.",
    discussion: "  drover store stats --store sqlite:jobs.db",
    subcommands: [Stats.self])
}

extension Store {
  struct Stats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints the pushes with their jobs, counted by state and result.",
      discussion: "  drover store stats --store sqlite:jobs.db")

    @Option(help: "The store, by default DROVER_STORE, or sqlite:drover.db.")
    var store: String?

    @OptionGroup var logging: LogOptions

    func run() async throws {
      let store = try Settings().openStore(flag: store, mustExist: true)
      try await store.migrate()
      for line in PushTable(try await store.pushSummaries()).lines { Console.print(line) }
      let counts = try await store.counts()
      Console.note(
        """
        \(counts.jobs) jobs in \(counts.pushes) pushes of \(counts.repositories) repositories, \(counts.logs) logs, \
        \(counts.waiting) waiting, \(counts.rejected) rejected
        """)
      try await store.close()
    }
  }
}
