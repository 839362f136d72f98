public import Foundation

/// A RabbitMQ of a test's own that may be harmed.
public final class FaultableBroker: Sendable {
  private let broker: PrivateBroker

  /// Starts one, which ends with the process or by ``stop()``.
  ///
  /// - Parameter settings: further lines for its `rabbitmq.conf`.
  public init(settings: String = "") async throws { broker = try await PrivateBroker(settings: settings) }

  /// The one for the tests of this process that harm it in turn, started when first asked for.
  public static func shared() async throws -> FaultableBroker { try await starting.value }

  private static let starting = Task { try await FaultableBroker() }

  /// The port of AMQP.
  public var port: Int { broker.port }
  /// The folder with its data and its logs.
  public var folder: URL { broker.folder }
  /// The broker's URL.
  public var url: String { broker.url }
  /// The broker's URL for TLS, with the names and values of its query.
  public func tlsURL(_ parameters: KeyValuePairs<String, String>) throws -> String { try broker.tlsURL(parameters) }

  /// The broker's URL by way of `proxy`.
  ///
  /// - Parameters:
  ///   - heartbeat: the interval of heartbeats, in seconds.
  ///   - connectionTimeout: how long a connection and its handshake may take, in seconds.
  public func url(through proxy: FaultProxy, heartbeat: Int, connectionTimeout: Int = 2) -> String {
    "amqp://\(PrivateBroker.user):\(PrivateBroker.user)@127.0.0.1:\(proxy.port)/"
      + "?heartbeat=\(heartbeat)&connection_timeout=\(connectionTimeout)"
  }

  // MARK: Faults

  /// Kills the process with signal 9; queues and messages that are durable stay on disk.
  public func kill() async throws {
    let process = try process()
    // RabbitMQ 3.10 writes down only every five seconds that a quorum queue has had a leader. One that is killed before
    // waits for a leader for ever, and is empty: that is no fault of a client's, and no client can make up for it.
    try await control("eval", "[dets:sync(Table) || Table <- dets:all()].")
    Glibc.kill(process, SIGKILL)
    try await eventually("the end of the killed broker") { !isOurs(process) }
  }

  /// Starts it again after ``kill()`` and waits until it answers.
  public func start() async throws { try await run("start", folder.path) }

  /// Stops the process where it is: connections stay open and nobody answers.
  public func pause() throws { Glibc.kill(try process(), SIGSTOP) }

  /// Lets the process go on after ``pause()``.
  public func resume() throws { Glibc.kill(try process(), SIGCONT) }

  /// Makes the broker believe that its memory is used up: it reads no more from connections that publish.
  public func raiseMemoryAlarm() async throws { try await control("set_vm_memory_high_watermark", "0.00001") }

  /// Gives the broker its memory back: 0.4 of the machine's is RabbitMQ's default.
  public func clearMemoryAlarm() async throws { try await control("set_vm_memory_high_watermark", "0.4") }

  /// Closes every connection by force, as an operator does.
  public func closeConnections() async throws {
    // The management API could, too, but knows a connection only seconds after it was opened.
    try await control("close_all_connections", "closed by a test")
  }

  /// Deletes a queue with everything in it, whoever consumes it.
  public func deleteQueue(_ name: String) async throws { try await control("delete_queue", name) }

  /// Sets how long the broker waits for acknowledgements on channels that are opened from now on, and how often it looks;
  /// nil for its defaults of half an hour and a minute.
  public func setAcknowledgementTimeout(_ timeout: Duration?) async throws {
    let (milliseconds, interval) =
      timeout.map { (Int($0 / .milliseconds(1)), Int($0 / .milliseconds(2))) } ?? (1_800_000, 60_000)
    try await control(
      "eval",
      """
      application:set_env(rabbit, consumer_timeout, \(milliseconds)), \
      application:set_env(rabbit, channel_tick_interval, \(interval)).
      """)
  }

  /// Undoes whatever a test that ended early left behind.
  public func heal() async throws {
    if let process = try? process(), isOurs(process) { Glibc.kill(process, SIGCONT) }
    try await start()
    try await clearMemoryAlarm()
  }

  /// Ends it, whatever state it is in.
  public func stop() async throws { try await broker.stop() }

  /// How many messages a queue holds, as the broker itself knows at this moment.
  public func queueLength(of name: String) async throws -> (ready: Int, unacknowledged: Int) {
    let output = try await control("list_queues", "name", "messages_ready", "messages_unacknowledged")
    let row = output.split(separator: "\n").map { $0.split(separator: "\t") }.first {
      $0.first.map(String.init) == name
    }
    guard let row, row.count == 3, let ready = Int(row[1]), let unacknowledged = Int(row[2]) else {
      throw DeadlinePassed(description: "the broker does not know the queue \(name): \(output)")
    }
    return (ready, unacknowledged)
  }

  // MARK: The process

  @discardableResult
  private func control(_ arguments: String...) async throws -> String {
    try await run("control", folder.path, arguments)
  }

  @discardableResult
  private func run(_ verb: String, _ folder: String, _ arguments: [String] = []) async throws -> String {
    let result = try await Program(PrivateBroker.scriptFile, [verb, folder] + arguments).result()
    guard result.status == 0 else {
      throw DeadlinePassed(description: "\(verb) \(arguments.joined(separator: " ")): \(result.errors)\(result.output)")
    }
    return result.output
  }

  /// The id of Erlang's process.
  private func process() throws -> pid_t {
    let text = try String(contentsOf: folder.appending(path: "pid"), encoding: .utf8)
    guard let process = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)), isOurs(process) else {
      throw DeadlinePassed(description: "the broker in \(folder.path) is not running")
    }
    return process
  }

  /// Whether the process is this broker's: its number alone could be a stranger's by now.
  private func isOurs(_ process: pid_t) -> Bool {
    let environment = (try? Data(contentsOf: URL(filePath: "/proc/\(process)/environ"))) ?? Data()
    return environment.split(separator: 0).contains(Data("RABBITMQ_NODENAME=drover-\(port)@localhost".utf8))
  }
}
