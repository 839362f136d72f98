import ArgumentParser
import Commands
import Foundation
import Logging
import Submission

/// What the commands that submit have in common.
struct SubmitOptions: ParsableArguments {
  @Argument(help: "A .json file with one or a list, a .jsonl file with one a line, or - for standard input.")
  var file: [String]

  @Option(help: ArgumentHelp("The server, up to where /api/ follows.", valueName: "url"))
  var server: String

  @Option(help: ArgumentHelp("The project that it is for.", valueName: "name"))
  var project: String

  @Option(
    help: ArgumentHelp(
      "Who submits, by default DROVER_CLIENT_ID; the secret is DROVER_CLIENT_SECRET. Without both nothing is signed.",
      valueName: "id"))
  var clientId: String?

  @Flag(help: "Sign with OAuth 1.0a, as the first clients did, in place of Hawk.")
  var oauth = false

  @Option(help: ArgumentHelp("How many go in a request at most.", valueName: "number"))
  var chunkSize = SubmissionClient.defaultChunkSize

  @OptionGroup var logging: LogOptions

  func validate() throws {
    guard chunkSize > 0 else { throw ValidationError("--chunk-size is at least 1") }
  }

  /// Submits the files' elements; ends with the status that this means.
  func submit<Element: SubmissionElement>(_: Element.Type) async throws {
    let client: SubmissionClient
    do {
      client = try SubmissionClient(
        server: server, credentials: try credentials(), logger: logging.logger("drover.submit"))
    } catch let error as SubmissionError {
      throw CommandFailure(.wrongUsage, "\(error)")
    }
    let interrupt = Interrupt()
    // Whoever asks for the end does not wait for the pauses between attempts.
    interrupt.onAsked { Task { await client.shutdown() } }
    var run = SubmitRun<Element>(client, project: project, chunkSize: chunkSize)
    let status = await run.run(file, interrupt: interrupt)
    await client.shutdown()
    throw status
  }

  private func credentials() throws -> SubmissionCredentials {
    let environment = ProcessInfo.processInfo.environment.filter { !$0.value.isEmpty }
    switch (clientId ?? environment["DROVER_CLIENT_ID"], environment["DROVER_CLIENT_SECRET"]) {
    case (let id?, let secret?):
      return oauth
        ? .oauth(.init(consumerKey: id, secret: Secret(secret))) : .hawk(.init(id: id, secret: Secret(secret)))
    case (nil, nil) where !oauth: return .none
    case (nil, _):
      throw CommandFailure(.wrongUsage, "whose secret it is has to be said: pass --client-id or set DROVER_CLIENT_ID")
    case (_, nil):
      throw CommandFailure(.wrongUsage, "no secret to sign with: set DROVER_CLIENT_SECRET")
    }
  }
}
