import ArgumentParser
import WebService

/// What a server puts up with from those who connect to it.
struct ConnectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      After how long without a request a connection is closed. A request may take half of it to arrive, and a second \
      more for every 64 KiB.
      """, valueName: "seconds"))
  var idleTimeout = 60

  @Option(help: ArgumentHelp("How many connections there may be; others wait for their turn.", valueName: "number"))
  var maximumConnections = 1_000

  func validate() throws {
    guard (1...3_600).contains(idleTimeout) else { throw ValidationError("--idle-timeout asks for 1 to 3600 seconds") }
    guard maximumConnections > 0 else { throw ValidationError("--maximum-connections is at least 1") }
  }

  func apply(to configuration: inout WebServer.Configuration) {
    configuration.idleTimeout = .seconds(idleTimeout)
    configuration.maximumConnections = maximumConnections
  }
}
