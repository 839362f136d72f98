import Logging
import Pulse
import RabbitMQ
import Support
import Synchronization
import Testing

/// What a listener says of the length of its queue, and what it does where PulseGuardian acts on it.
@Suite struct QueueDepthTests {
  /// Keeps a handler from returning until it is opened.
  private final class Valve: Sendable {
    private let isOpened = Mutex(false)
    func open() { isOpened.withLock { $0 = true } }
    func pass() async throws { try await eventually("the gate to open") { isOpened.withLock { $0 } } }
  }

  /// Runs a listener with a closed gate in its handler beside `body`, and ends it in order.
  private func listen(
    _ setup: ListenerSetup,
    _ body: @escaping @Sendable (Valve, LogRecorder, @Sendable () -> Set<Int>) async throws -> Void
  ) async throws {
    let (gate, log) = (Valve(), LogRecorder())
    let handled = Handled()
    var configuration = try setup.configuration(endsWhenEmpty: false)
    configuration.depthInterval = .milliseconds(20)
    let listener = setup.listener(configuration, logger: log.logger) { deliveries in
      try await gate.pass()
      handled.numbers.withLock { $0.formUnion(deliveries.compactMap(\.number)) }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await listener.run() }
      group.addTask { try await body(gate, log) { handled.numbers.withLock { $0 } } }
      // The listener runs for ever; it ends by an error or after the body.
      try await group.next()
      group.cancelAll()
    }
  }

  private final class Handled: Sendable {
    let numbers = Mutex<Set<Int>>([])
  }

  /// The lines that speak of the length of the queue.
  private func reports(_ log: LogRecorder) -> [LogRecorder.Line] {
    log.lines.filter { $0.text.hasPrefix("the queue has") || $0.text.hasPrefix("the queue is down") }
  }

  @Test func aQueueThatPassesTheBoundOfWarningsIsNamedWithItsLengthAndItsEndIsTold() async throws {
    let setup = try ListenerSetup(broker: try await PrivateBroker.shared().url)
    try await setup.publish(DepthWatch.warningCount + 1)
    try await listen(setup) { gate, log, handled in
      // Part of them is in the listener's hands, unacknowledged: those count as well.
      try await eventually("the warning") { reports(log).contains { $0.level == .warning } }
      let warning = reports(log).first { $0.level == .warning }
      let counted = Int(warning?.text.split(separator: " ").dropFirst(3).first ?? "")
      #expect(counted.map { $0 >= DepthWatch.warningCount } == true, "\(warning?.text ?? "")")
      #expect(warning?.text.hasSuffix("queue=\(setup.queue)") == true)
      #expect(warning?.text.contains("deletes a queue above 8000") == true)
      gate.open()
      try await eventually("the end of it") { reports(log).last?.level == .notice }
      try await eventually("every message") { handled().count == DepthWatch.warningCount + 1 }
      #expect(reports(log).map(\.level) == [.warning, .notice], "each is said once")
    }
    #expect(try await setup.remaining() == 0)
  }

  @Test func aQueueThatIsAboutToBeDeletedIsAnErrorInTheLogAndMadeAgainOnceItWasDeleted() async throws {
    let setup = try ListenerSetup(broker: try await PrivateBroker.shared().url)
    try await setup.publish(DepthWatch.deletionCount + 1)
    try await listen(setup) { gate, log, handled in
      try await eventually("the alarm") { reports(log).contains { $0.level == .error } }
      let alarm = reports(log).first { $0.level == .error }
      #expect(alarm?.text.contains("will be deleted above \(DepthWatch.deletionCount) by PulseGuardian") == true)
      #expect(alarm?.text.hasSuffix("queue=\(setup.queue)") == true)

      // As PulseGuardian does.
      let guardian = try await Connection.open(setup.broker, logger: setup.quiet)
      try await guardian.openChannel().deleteQueue(setup.queue)
      gate.open()
      let publisher = try await guardian.openChannel().confirmingPublisher()
      let next = setup.message(1_000_000)
      try await eventually("a queue that takes messages again") {
        if case .confirmed = await publisher.publish(next) { true } else { false }
      }
      try await eventually("its message") { handled().contains(1_000_000) }
      #expect(log.lines.contains { $0.text.hasPrefix("subscribed again") && $0.text.contains("queue=\(setup.queue)") })
      await guardian.close()
    }
    #expect(try await setup.remaining() == 0)
  }
}
