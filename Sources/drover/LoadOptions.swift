import ArgumentParser
import JobStore

/// What becomes of jobs whose push or repository the store does not know.
struct LoadOptions: ParsableArguments {
  @Flag(
    inversion: .prefixedNo,
    help: "Whether a push that is not known is made from its first job; if not, its jobs wait for it.")
  var createPushes = true

  @Option(help: "Whose jobs are stored: any repository's, or those of the listed ones (drover repositories).")
  var repositories = Repositories.any

  enum Repositories: String, CaseIterable, ExpressibleByArgument {
    case any, listed
  }

  var policy: LoadPolicy { LoadPolicy(createsPushes: createPushes, createsRepositories: repositories == .any) }
}
