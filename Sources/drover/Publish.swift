import ArgumentParser
import Commands
import JSONSchema
import Pulse
import PulseJob
import RabbitMQ

extension Publisher.UnroutablePolicy: ExpressibleByArgument {}

struct Publish: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Publishes jobs to an exchange and waits until the broker has them.",
    discussion: """
      Each job is checked first; an invalid one is reported and not sent, the others are.

        drover publish --url amqp://user:password@localhost:5672/ --destination treeherder jobs.jsonl
      """)

  @Option(help: "The broker, by default PULSE_URL: amqp://user:password@host:port/vhost; several with commas.")
  var url: String?

  @Option(help: "The exchange, by default exchange/<user of the URL>/v1/jobs; one of one's own is declared.")
  var exchange: String?

  @Option(help: ArgumentHelp("The routing key of every job.", valueName: "key"))
  var routingKey: String?

  @Option(help: ArgumentHelp("Makes the routing key of each job: <destination>.<origin.project>.", valueName: "name"))
  var destination: String?

  @Option(help: "What a job means that no queue takes: ignore, warn or fail.")
  var mandatory: Publisher.UnroutablePolicy = .ignore

  @OptionGroup var contract: ContractOptions

  @Argument(help: "A .json file with a job or a list of jobs, a .jsonl file with one a line, or - for standard input.")
  var file: [String]

  @OptionGroup var logging: LogOptions

  func validate() throws {
    guard (routingKey == nil) != (destination == nil) else {
      throw ValidationError("give either --routing-key or --destination")
    }
  }

  func run() async throws {
    let broker = try Settings().broker(flag: url)
    let exchange = try exchange ?? PulseUser(broker.user).jobsExchange
    let routing: PublishRun.Routing =
      if let routingKey { .key(try RoutingKey(routingKey)) } else { .destination(destination ?? "") }
    let interrupt = Interrupt()
    var input = JobInput(file, contract: try contract.contract(formats: .assert))
    let publisher = try await Publisher.open(
      broker, exchange: exchange, unroutable: mandatory, logger: logging.logger("drover.publish"))
    var run = PublishRun(publisher, routing: routing, unroutable: mandatory)
    let status = await run.run(&input, interrupt: interrupt)
    await publisher.close()
    throw status
  }
}
