import ArgumentParser
import Commands

@main
struct Drover: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drover",
    abstract: "Moves the results of CI jobs over RabbitMQ (Mozilla Pulse) to the people who read them.",
    discussion: """
      Settings come from flags, then from the environment: PULSE_URL, DROVER_STORE, DROVER_CONFIG, DROVER_CLIENT_ID, \
      DROVER_CLIENT_SECRET.
      Exit status: 0 done, 1 some of the input was refused, 2 wrong usage or configuration, 3 the broker, the server or \
      the store could not be reached.
      """,
    version: "0.1.0",
    subcommands: [
      Validate.self, Publish.self, Submit.self, Listen.self, Serve.self, Run.self, Bindings.self,
      Rejected.self, Waiting.self, Repositories.self, Credentials.self, Store.self,
    ])

  static func main() async { await CommandMain.run(Self.self) }
}
