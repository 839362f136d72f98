import ArgumentParser
import Commands
import JobStore

struct Repositories: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows the repositories, and says whose jobs are stored.",
    discussion: """
      A listener stores the jobs of active repositories, and skips and counts those of the others. With its option \
      --repositories listed, jobs of a repository that is not in this list wait.

        drover repositories deactivate orchard-try --store sqlite:jobs.db
      """,
    subcommands: [List.self, Add.self, Activate.self, Deactivate.self])
}

extension Repositories {
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints a line for each repository, by name.",
      discussion: """
        With --output json an object for each.

          drover repositories list --store sqlite:jobs.db
        """)

    @Option(help: "What is printed: text or json.")
    var output = ListFormat.text

    @OptionGroup var store: StoreOptions

    func run() async throws {
      let repositories = try await store.withStore { try await $0.repositories() }
      switch output {
      case .text:
        var table = TextTable(["REPOSITORY", "STATUS"])
        let rows = repositories.map { [$0.name, $0.isActive ? "active" : "inactive"] }
        for line in table.lines(for: rows) where !rows.isEmpty { Console.print(line) }
      case .json:
        for repository in repositories {
          Console.printJSON(Line(name: repository.name, active: repository.isActive))
        }
      }
      let inactive = repositories.count { !$0.isActive }
      Console.note("\(repositories.count) repositories, \(inactive) of them inactive")
    }

    private struct Line: Encodable {
      let name: String
      let active: Bool
    }
  }

  struct Activate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Has the jobs of repositories stored again.",
      discussion: "  drover repositories activate orchard pasture --store sqlite:jobs.db")

    @OptionGroup var names: RepositoryNames
    @OptionGroup var store: StoreOptions

    func run() async throws { throw try await names.set(isActive: true, in: store) }
  }

  struct Deactivate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Has the jobs of repositories skipped; those that are stored stay.",
      discussion: """
        A listener that runs follows with its next batch.

          drover repositories deactivate orchard-try --store sqlite:jobs.db
        """)

    @OptionGroup var names: RepositoryNames
    @OptionGroup var store: StoreOptions

    func run() async throws { throw try await names.set(isActive: false, in: store) }
  }

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Adds active repositories to the list; the store is made where there is none.",
      discussion: """
        One that is there already stays as it is, which is no failure unless it is inactive.

          drover repositories add orchard pasture --store sqlite:jobs.db
        """)

    @OptionGroup var names: RepositoryNames
    @OptionGroup var store: StoreOptions

    func run() async throws {
      let (added, inactive) = try await store.withStore(mustExist: false) { store in
        let added = try await store.addRepositories(names.name)
        return (added, Set(try await store.repositories().filter { !$0.isActive }.map(\.name)))
      }
      let refused = Set(names.name).intersection(inactive).sorted()
      for name in refused {
        Console.report("the repository \(name) is there and inactive: drover repositories activate \(name)")
      }
      Console.note("\(added.count) added, \(Set(names.name).count - added.count) there before")
      throw refused.isEmpty ? ExitStatus.done : .inputRefused
    }
  }
}

/// The repositories that a command is about.
struct RepositoryNames: ParsableArguments {
  @Argument(help: "The repositories' names, as the jobs' origin.project.")
  var name: [String]

  func validate() throws { try Self.check(name) }

  /// What the schema asks of origin.project: no job can come from a repository of another name.
  static func check(_ names: [String]) throws {
    for name in names where name.wholeMatch(of: /[A-Za-z0-9_-]{1,50}/) == nil {
      throw ValidationError(
        "\"\(name.visible())\" is no repository's name: up to 50 letters, digits, _ and - are asked")
    }
  }

  /// Activates or deactivates them; returns the command's status.
  func set(isActive: Bool, in store: StoreOptions) async throws -> ExitStatus {
    let names = name
    let found = try await store.withStore { try await $0.setRepositories(names, isActive: isActive) }
    let unknown = Set(names).subtracting(found).sorted()
    for name in unknown { Console.report("there is no repository \(name): drover repositories add \(name)") }
    Console.note("\(found.count) \(isActive ? "active" : "inactive"), \(unknown.count) unknown")
    return unknown.isEmpty ? .done : .inputRefused
  }
}
