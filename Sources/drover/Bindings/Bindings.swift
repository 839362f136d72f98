import ArgumentParser
import Commands
import JobStore
import Pulse
import RabbitMQ

struct Bindings: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares what a listener's queue is bound to with its configuration.",
    discussion: """
      What the queue is bound to is asked of the management API or of PulseGuardian; without either, the store's record \
      of the bindings that listeners made counts.

        drover bindings list --config exchanges.json --management http://localhost:15672
      """,
    subcommands: [List.self, Prune.self])
}

extension Bindings {
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints a line for each binding: bound and wanted, missing, or not wanted.",
      discussion: """
        With --output json an object for each. A missing binding is made by drover listen when it starts; one that is \
        not wanted is removed by it then, or by drover bindings prune.

          drover bindings list --config exchanges.json --management http://localhost:15672
        """)

    @OptionGroup var queue: QueueOptions

    @Option(help: "What is printed: text or json.")
    var output = ListFormat.text

    @OptionGroup var store: StoreOptions

    func run() async throws {
      let logger = store.logging.logger("drover.bindings")
      let configuration = try queue.configuration(logger: logger)
      let plan: BindingPlan
      if configuration.inspector == nil {
        plan = try await store.withStore { store in
          try await QueueBindings(configuration, ledger: StoredBindings(store: store), logger: logger).plan()
        }
      } else {
        plan = try await QueueBindings(configuration, ledger: nil, logger: logger).plan()
      }
      print(Self.lines(of: plan))
      let source = configuration.inspector.map { "\($0)" } ?? "the store's record"
      Console.note(
        """
        \(plan.wanted.count - plan.missing.count) bound, \(plan.missing.count) missing, \(plan.obsolete.count) not \
        wanted, says \(source)
        """)
    }

    private func print(_ lines: [Line]) {
      switch output {
      case .text:
        var table = TextTable(["STATUS", "EXCHANGE", "ROUTING KEY"])
        for line in table.lines(for: lines.map { [$0.status.words, $0.exchange, $0.routingKey] }) where !lines.isEmpty {
          Console.print(line)
        }
      case .json:
        for line in lines { Console.printJSON(line) }
      }
    }

    /// The wanted ones in the configuration's order, then the others.
    private static func lines(of plan: BindingPlan) -> [Line] {
      let missing = Set(plan.missing)
      return plan.wanted.map { Line($0, missing.contains($0) ? .missing : .bound) }
        + plan.obsolete.map { Line($0, .unwanted) }
    }

    private enum Status: String, Encodable {
      case bound, missing, unwanted

      var words: String { self == .unwanted ? "not wanted" : rawValue }
    }

    private struct Line: Encodable {
      let status: Status
      let exchange: String
      let routingKey: String

      init(_ binding: Binding, _ status: Status) {
        (self.status, exchange, routingKey) = (status, binding.exchange, binding.routingKey)
      }
    }
  }
}

extension Bindings {
  struct Prune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Removes the bindings that the configuration does not want.",
      discussion: """
        drover listen does the same when it starts. Messages that are in the queue stay there. One that the broker \
        does not let go is told, and the status is 1.

          drover bindings prune --config exchanges.json --management http://localhost:15672 --store sqlite:jobs.db
        """)

    @OptionGroup var queue: QueueOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
      let logger = store.logging.logger("drover.bindings")
      let configuration = try queue.configuration(logger: logger)
      let kept = try await store.withStore { store in
        let bindings = try QueueBindings(configuration, ledger: StoredBindings(store: store), logger: logger)
        let plan = try await bindings.plan()
        let kept = try await bindings.prune(plan)
        Console.note("\(plan.obsolete.count - kept.count) removed, \(kept.count) kept")
        return kept
      }
      throw kept.isEmpty ? ExitStatus.done : .inputRefused
    }
  }
}
