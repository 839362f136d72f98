import Configuration
import JobStore
import RabbitMQ

/// Settings that a flag gives, or else the environment.
public struct Settings {
  private let environment = ConfigReader(provider: EnvironmentVariablesProvider())

  /// Settings of this process.
  public init() {}

  /// The broker: `--url`, or `PULSE_URL`.
  ///
  /// - Throws: ``CommandFailure`` where neither is given, `RabbitMQError` where it is no URL of a broker.
  public func broker(flag: String?) throws -> BrokerURL {
    guard let text = flag ?? environment.string(forKey: "pulse.url", isSecret: true) else {
      throw CommandFailure(
        .wrongUsage, "no broker is given: pass --url amqp://user:password@host/ or set PULSE_URL")
    }
    return try BrokerURL(text)
  }

  /// The store: `--store`, `DROVER_STORE`, or the file `drover.db` in the current folder.
  public func store(flag: String?) throws -> StoreURL {
    try StoreURL(flag ?? environment.string(forKey: "drover.store", isSecret: true) ?? "sqlite:drover.db")
  }

  /// The list of exchanges: `--config`, `DROVER_CONFIG`, or the file `exchanges.json` in the current folder.
  public func exchangesPath(flag: String?) -> String {
    flag ?? environment.string(forKey: "drover.config") ?? "exchanges.json"
  }
}
