import Configuration
import JobStore
public import Logging
public import Pulse
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

  /// Opens the store: `--store`, `DROVER_STORE`, or the file `drover.db` in the current folder.
  ///
  /// One that keeps nothing says so on standard error, whatever the log level: it may come from an environment that was
  /// set for something else.
  ///
  /// - Parameter mustExist: whether a file that is not there is an error; otherwise it is made.
  /// - Throws: `StoreError`.
  public func openStore(flag: String?, mustExist: Bool = false) throws -> any Store {
    let url = try StoreURL(flag ?? environment.string(forKey: "drover.store", isSecret: true) ?? "sqlite:drover.db")
    let store = try url.open(mustExist: mustExist)
    if url == .discard { Console.report("warning: \(DiscardingStore.warning)") }
    return store
  }

  /// Who is asked what a queue is bound to: the management API of `--management` or `PULSE_MANAGEMENT_URL`, then the
  /// PulseGuardian of `--pulse-guardian` or `PULSE_GUARDIAN_URL`; nil where neither is given.
  ///
  /// - Parameter broker: the broker whose queue it is; its credentials are used where the first URL has none.
  /// - Throws: `PulseError` with code `invalidConfiguration`.
  public func inspector(
    management: String?, pulseGuardian: String?, broker: BrokerURL, logger: Logger
  ) throws -> (any QueueInspector)? {
    var inspectors: [any QueueInspector] = []
    if let text = management ?? environment.string(forKey: "pulse.management.url", isSecret: true) {
      inspectors.append(try ManagementAPI(text, broker: broker))
    }
    if let text = pulseGuardian ?? environment.string(forKey: "pulse.guardian.url", isSecret: true) {
      inspectors.append(try PulseGuardian(text))
    }
    return inspectors.count > 1 ? InspectorChain(inspectors, logger: logger) : inspectors.first
  }

  /// The list of exchanges: `--config`, `DROVER_CONFIG`, or the file `exchanges.json` in the current folder.
  public func exchangesPath(flag: String?) -> String {
    flag ?? environment.string(forKey: "drover.config") ?? "exchanges.json"
  }
}
