import ArgumentParser
import WebService

/// What is taken from those who submit over HTTP.
struct SubmissionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The longest body that is taken, in MiB.", valueName: "MiB"))
  var maximumBody = 16

  @Option(
    help: ArgumentHelp("How many requests a client may submit a minute; 0 for any number.", valueName: "requests"))
  var rateLimit = 1_200

  @Flag(help: "Clients speak HTTPS with a proxy ahead of this server: their signatures say so.")
  var behindTLS = false

  func validate() throws {
    guard (1...1_024).contains(maximumBody) else { throw ValidationError("--maximum-body asks for 1 to 1024 MiB") }
    guard rateLimit >= 0 else { throw ValidationError("--rate-limit asks for a number of requests, or 0") }
  }

  /// - Parameter isSecure: whether the server itself speaks HTTPS.
  func configuration(isSecure: Bool) -> SubmissionRoutes.Configuration {
    .init(maximumBody: maximumBody << 20, requestsPerMinute: rateLimit, isSecure: isSecure || behindTLS)
  }
}
