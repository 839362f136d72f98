import ArgumentParser
import JobStore

/// What becomes of jobs whose push or repository the store does not know.
struct LoadOptions: ParsableArguments {
  @OptionGroup var pushes: PushOptions

  @Option(help: "Whose jobs are stored: any repository's, or those of the listed ones (drover repositories).")
  var repositories = Repositories.any

  enum Repositories: String, CaseIterable, ExpressibleByArgument {
    case any, listed
  }

  var policy: LoadPolicy { LoadPolicy(createsPushes: pushes.createPushes, createsRepositories: repositories == .any) }
}
