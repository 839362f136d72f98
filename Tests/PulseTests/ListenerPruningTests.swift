import Logging
import Pulse
import RabbitMQ
import Support
import Synchronization
import Testing

/// What a listener unbinds, by whom it asked.
@Suite struct ListenerPruningTests {
  /// A record of bindings that begins with one that the configuration lacks.
  final class Ledger: BindingLedger {
    let keys = Mutex(["d.recorded"])

    func bindings(of queue: String) async throws -> [Binding] {
      keys.withLock { $0 }.map { Binding(queue: queue, exchange: "exchange/drover/jobs", routingKey: $0) }
    }

    func record(_ bindings: [Binding], of queue: String) async throws {
      keys.withLock { $0 = bindings.map(\.routingKey) }
    }
  }

  struct Inspector: QueueInspector {
    let keys: [String]?
    let description = "the inspector"

    func bindings(of queue: String) async throws -> [Binding] {
      guard let keys else { throw InspectionError(.refused, "the inspector: status 500") }
      return keys.map { Binding(queue: queue, exchange: "exchange/drover/jobs", routingKey: $0) }
    }
  }

  /// Runs a listener until its queue is empty; returns how many bindings it removed, and what it recorded and logged.
  func listen(
    _ inspector: Inspector?, prunes: Bool = true
  ) async throws -> (removed: Int, recorded: Set<String>, lines: [LogRecorder.Line]) {
    let broker = try ScriptedBroker { _, _ in nil }
    defer { broker.stop() }
    let exchanges = try ExchangeList(
      json: Array(#"[{"exchange": "exchange/drover/jobs", "destinations": ["d"], "projects": ["p"]}]"#.utf8),
      file: "test")
    var configuration = Listener.Configuration(broker: try BrokerURL(broker.url), exchanges: exchanges)
    configuration.endsWhenEmpty = true
    configuration.prunes = prunes
    configuration.inspector = inspector
    let (ledger, log) = (Ledger(), LogRecorder())
    try await Listener(configuration, ledger: ledger, logger: log.logger) { _ in {} }.run()
    return (broker.count(of: .queueUnbind), Set(ledger.keys.withLock { $0 }), log.lines)
  }

  @Test func theBrokersAnswerTakesTheRecordsPlace() async throws {
    let result = try await listen(Inspector(keys: ["d.p", "d.hand", "other.hand"]))
    #expect(result.removed == 2)
    #expect(result.recorded == ["d.p"])
    let removed = result.lines.filter { $0.text.contains("removed a binding") }
    #expect(removed.count == 2 && removed.allSatisfy { $0.text.contains("hand") })
  }

  @Test func theRecordCountsWhereNobodyIsAsked() async throws {
    let result = try await listen(nil)
    #expect(result.removed == 1)
    #expect(result.recorded == ["d.p"])
    #expect(result.lines.allSatisfy { $0.level < .warning })
  }

  @Test func theRecordCountsWhereNobodyCanTellAndTheLogSaysWhy() async throws {
    let result = try await listen(Inspector(keys: nil))
    #expect(result.removed == 1)
    #expect(result.recorded == ["d.p"])
    let warnings = result.lines.filter { $0.level == .warning }
    #expect(warnings.count == 1)
    #expect(warnings.first?.text.contains("nothing was pruned by what the broker has") == true)
    #expect(warnings.first?.text.contains("reason=the inspector: status 500") == true)
  }

  @Test func whoeverShallNotPruneAsksNobodyAndKeepsTheRecord() async throws {
    let result = try await listen(Inspector(keys: nil), prunes: false)
    #expect(result.removed == 0)
    #expect(result.recorded == ["d.p", "d.recorded"])
    #expect(result.lines.allSatisfy { $0.level < .warning })
  }
}
