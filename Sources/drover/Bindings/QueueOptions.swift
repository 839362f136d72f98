import ArgumentParser
import Commands
import Logging
import Pulse

/// The options that say which queue is meant, what it is to be bound to, and who knows what it is bound to.
struct QueueOptions: ParsableArguments {
  @Option(help: "The broker, by default PULSE_URL: amqp://user:password@host:port/vhost; several with commas.")
  var url: String?

  @Option(help: "The list of exchanges, by default DROVER_CONFIG, or exchanges.json.")
  var config: String?

  @Option(help: "The queue's name under queue/<user>/.")
  var queue = "jobs"

  @Option(help: "RabbitMQ's management API, by default PULSE_MANAGEMENT_URL: asked what the queue is bound to.")
  var management: String?

  @Option(help: "PulseGuardian, by default PULSE_GUARDIAN_URL: asked where the management API is not given or fails.")
  var pulseGuardian: String?

  /// A listener's configuration by these options, with the defaults for the rest.
  func configuration(logger: Logger) throws -> Listener.Configuration {
    let settings = Settings()
    let path = settings.exchangesPath(flag: config)
    var configuration = Listener.Configuration(
      broker: try settings.broker(flag: url),
      exchanges: try ExchangeList(json: try FileText.read(path, what: "the list of exchanges"), file: path))
    configuration.queue = queue
    configuration.inspector = try settings.inspector(
      management: management, pulseGuardian: pulseGuardian, broker: configuration.broker, logger: logger)
    return configuration
  }
}
