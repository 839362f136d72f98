import Foundation
import Logging
import RabbitMQ
import Support
import Synchronization

@testable import JobStore

/// `drover listen` between a broker and a database, all of which may be killed.
final class IngestionRun: Sendable {
  enum Backend: String, CaseIterable, CustomStringConvertible {
    case sqlite, postgreSQL

    var description: String { rawValue }
    /// SQLite has no process of its own.
    var faults: [IngestionFault] { self == .sqlite ? [.listener, .broker] : IngestionFault.allCases }
  }

  let broker: FaultableBroker
  private let database: PrivatePostgreSQL?
  private let environment: [String: String]
  private let name = PrivateBroker.uniqueName("ingestion")
  private let listeners = Mutex<[Program]>([])
  let store: DatabaseStore

  private var queue: String { "queue/\(PrivateBroker.user)/\(name)" }
  private var exchange: String { "exchange/\(PrivateBroker.user)/\(name)" }

  init(_ backend: Backend) async throws {
    broker = try await .shared()
    try await broker.heal()
    let folder = try Repository.temporaryFolder()
    let url: String
    switch backend {
    case .sqlite:
      database = nil
      url = "sqlite:\(folder.appending(path: "store.db").path)"
    case .postgreSQL:
      let server = try await PrivatePostgreSQL.faultable()
      try await server.start()
      database = server
      url = try await server.makeDatabase()
    }
    let config = folder.appending(path: "exchanges.json")
    let exchanges =
      #"[{"exchange": "exchange/\#(PrivateBroker.user)/\#(name)", "destinations": ["d"], "projects": ["*"]}]"#
    try Data(exchanges.utf8).write(to: config)
    environment = ["PULSE_URL": broker.url, "DROVER_STORE": url, "DROVER_CONFIG": config.path]
    guard let opened = try StoreURL(url).open() as? DatabaseStore else {
      throw TrafficFailure(description: "\(url) is no database")
    }
    store = opened
    try await store.migrate()
    _ = try await store.add(PushRecord(repository: "orchard", revision: NumberedJob.revision, author: nil, pushTime: 0))
    let made = try await Program.runDrover("listen", "--queue", name, "--until-empty", environment: environment)
    guard made.status == 0 else { throw TrafficFailure(description: "the queue was not made: \(made.errors)") }
  }

  // MARK: The database

  func killDatabase() async throws { try await database?.kill() }
  func startDatabase() async throws { try await database?.start() }

  // MARK: Listening

  func startListener() throws {
    let program = try Program.drover("listen", "--queue", name, "--no-create-pushes", environment: environment)
    listeners.withLock { $0.append(program) }
  }

  /// Kills the listener that was started first.
  func killListener() async throws {
    guard let program = listeners.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { return }
    program.send(SIGKILL)
    _ = try await program.result()
  }

  /// Asks the listeners to end; what those had to say that ended in any other way than in order.
  func stopListeners() async throws -> [String] {
    let programs = listeners.withLock { $0 }
    listeners.withLock { $0 = [] }
    for program in programs { program.send(SIGTERM) }
    var complaints: [String] = []
    for program in programs {
      let result = try await program.result()
      if result.status != 0 || result.wasKilled { complaints.append("status \(result.status): \(result.errors)") }
    }
    return complaints
  }

  /// What the listeners have said so far.
  func listenersErrors() throws -> String {
    try listeners.withLock { try $0.map { try $0.errorsSoFar() }.joined(separator: "\n") }
  }

  /// Ends everything, in whatever state it is.
  func clear() async throws {
    try await broker.heal()
    try await database?.start()
    for program in listeners.withLock({ $0 }) { program.send(SIGKILL) }
    try await broker.deleteQueue(queue)
    try await store.close()
  }

  // MARK: Publishing

  /// Publishes jobs by number until every message of them is confirmed; the order of a job's messages is left to chance.
  func publish(_ numbers: Range<Int>, seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    var messages = numbers.flatMap(NumberedJob.messages).shuffled(using: &random).map { body in
      Message(exchange: exchange, routingKey: "d.orchard", body: Array(body.utf8), isMandatory: true)
    }
    let connection = try await Connection.open(
      BrokerURL(broker.url), options: .init(recovery: .init(initialDelay: .milliseconds(100))),
      logger: CollectedLog().logger)
    let publisher = try await connection.openChannel().confirmingPublisher()
    let deadline = ContinuousClock.now + .seconds(300)
    while !messages.isEmpty, ContinuousClock.now < deadline {
      let outcomes = await publisher.publish(Array(messages.prefix(100)))
      let rest = zip(messages, outcomes).filter { if case .confirmed = $1 { false } else { true } }.map(\.0)
      messages = rest + messages.dropFirst(outcomes.count)
    }
    await connection.close()
    guard messages.isEmpty else { throw TrafficFailure(description: "\(messages.count) messages were not confirmed") }
  }

  // MARK: Faults

  /// Kills something, and starts it again.
  func strike(_ fault: IngestionFault) async throws {
    switch fault {
    case .listener:
      try await killListener()
      try startListener()
    case .broker:
      try await broker.kill()
      try await broker.start()
    case .database:
      try await killDatabase()
      try await startDatabase()
    }
  }

  /// Waits until the store holds so many; while the database is down, nobody can tell.
  func wait(_ what: String, until holds: (StoreAccount) -> Bool) async throws {
    var last = StoreAccount()
    do {
      try await eventually(what, within: .seconds(120)) {
        guard areListening else { return true }
        do { last = try await store.account() } catch let error as StoreError where error.code == .unavailable {
          return false
        }
        return holds(last)
      }
    } catch {
      throw TrafficFailure(description: "\(error): \(last); \(try listenersErrors().suffix(3_000))")
    }
    guard areListening else {
      throw TrafficFailure(description: "a listener gave up: \(try listenersErrors().suffix(3_000))")
    }
  }

  private var areListening: Bool { listeners.withLock { $0.allSatisfy(\.isRunning) } }

  /// Waits until the broker has taken every acknowledgement.
  func waitForAcknowledgements() async throws {
    try await eventually("the last acknowledgement") { try await queueLength() == (0, 0) }
  }

  /// How many messages the queue holds.
  func queueLength() async throws -> (ready: Int, unacknowledged: Int) { try await broker.queueLength(of: queue) }
}
