import ArgumentParser
import Commands
import Submission

struct Submit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Submits result sets, jobs or artifacts to a server with Treeherder's HTTP interface.",
    discussion: """
      DROVER_CLIENT_SECRET=… drover submit jobs jobs.json --server https://treeherder.example.org --project orchard \
      --client-id orchard-ci
      """,
    subcommands: [ResultSets.self, Jobs.self, Artifacts.self])
}

extension Submit {
  struct ResultSets: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "resultset",
      abstract: "Submits pushes with their revisions.",
      discussion: "  drover submit resultset pushes.json --server http://localhost:8000 --project orchard")

    @OptionGroup var options: SubmitOptions

    func run() async throws { try await options.submit(ResultSetSubmission.self) }
  }

  struct Jobs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Submits jobs, each with the revision that it belongs to.",
      discussion: "  drover submit jobs jobs.jsonl --server http://localhost:8000 --project orchard")

    @OptionGroup var options: SubmitOptions

    func run() async throws { try await options.submit(JobSubmission.self) }
  }

  struct Artifacts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "artifact",
      abstract: "Submits artifacts of jobs.",
      discussion: "  drover submit artifact artifacts.json --server http://localhost:8000 --project orchard")

    @OptionGroup var options: SubmitOptions

    func run() async throws { try await options.submit(ArtifactSubmission.self) }
  }
}
