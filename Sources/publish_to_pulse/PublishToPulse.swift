import ArgumentParser
import Commands
import JSONSchema
import Pulse
import PulseJob
import RabbitMQ

@main
struct PublishToPulse: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish_to_pulse",
    abstract: "Publishes one file of jobs to exchange/<user>/jobs, to try them out.",
    discussion: """
      The user is that of the URL. Each job is checked first, and an invalid one reported instead of sent.

        publish_to_pulse treeherder.my-project amqp://user:password@localhost:5672// job.json
      """)

  @Argument(help: "The routing key: <destination>.<project>.")
  var routingKey: String

  @Argument(help: "The broker: amqp://user:password@host:port/vhost.")
  var connectionURL: String

  @Argument(help: "A .json file with a job or a list of jobs, a .jsonl file with one a line, or - for standard input.")
  var payloadFile: String

  @OptionGroup var logging: LogOptions

  static func main() async { await CommandMain.run(Self.self) }

  func run() async throws {
    let broker = try BrokerURL(connectionURL)
    let user = try PulseUser(broker.user)
    let key = try RoutingKey(routingKey)
    let interrupt = Interrupt()
    var input = JobInput([payloadFile], contract: try .bundled(formats: .assert))
    let publisher = try await Publisher.open(
      broker, exchange: user.olderJobsExchange, logger: logging.logger("publish_to_pulse"))
    var run = PublishRun(publisher, routing: .key(key), unroutable: .ignore)
    let status = await run.run(&input, interrupt: interrupt)
    await publisher.close()
    throw status
  }
}
