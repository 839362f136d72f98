import ArgumentParser
import Commands
import JobStore

struct Waiting: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows the jobs whose push has not arrived.",
    discussion: "  drover waiting list --store sqlite:jobs.db",
    subcommands: [List.self])
}

extension Waiting {
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints a line for each push that jobs wait for, the longest awaited first.",
      discussion: """
        With --output json an object for each.

          drover waiting list --store sqlite:jobs.db
        """)

    @Option(help: "What is printed: text or json.")
    var output = ListFormat.text

    @OptionGroup var store: StoreOptions

    func run() async throws {
      let pushes = try await store.withStore { try await $0.waitingPushes() }
      switch output {
      case .text:
        var table = TextTable(["REPOSITORY", "REVISION", "JOBS", "SINCE"], rightAligned: [2])
        let rows = pushes.map { [$0.repository, $0.revision, "\($0.jobs)", $0.since.asTime] }
        for line in table.lines(for: rows) where !rows.isEmpty { Console.print(line) }
      case .json:
        for push in pushes { Console.printJSON(Line(push)) }
      }
      Console.note("\(pushes.reduce(0) { $0 + $1.jobs }) jobs wait for \(pushes.count) pushes")
    }

    private struct Line: Encodable {
      let repository: String
      let revision: String
      let jobs: Int
      let messages: Int
      let since: String

      init(_ push: WaitingPush) {
        (repository, revision, since) = (push.repository, push.revision, push.since.asTime)
        (jobs, messages) = (push.jobs, push.messages)
      }
    }
  }
}
