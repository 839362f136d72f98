import ArgumentParser
import Commands
import JobStore

extension ListFormat: ExpressibleByArgument {}

struct Rejected: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows the messages that could not be stored, and stores them after all.",
    discussion: "  drover rejected list --store sqlite:jobs.db",
    subcommands: [List.self, Show.self, Replay.self])
}

extension Rejected {
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints a line for each message that could not be stored, the newest last, with its first error.",
      discussion: """
        With --output json an object for each, with every error.

          drover rejected list --store sqlite:jobs.db
        """)

    @Option(help: "What is printed: text or json.")
    var output = ListFormat.text

    @OptionGroup var store: StoreOptions

    func run() async throws {
      let interrupt = Interrupt()
      try await store.withStore { store in
        var table = TextTable(
          ["ID", "RECEIVED", "BYTES", "EXCHANGE", "ROUTING KEY", "ERROR"], rightAligned: [0, 2])
        var (count, last): (Int, Int64) = (0, 0)
        while !interrupt.isAsked {
          let messages = try await store.rejectedMessages(after: last)
          guard let end = messages.last else { break }
          (count, last) = (count + messages.count, end.id)
          switch output {
          case .text:
            for line in table.lines(for: messages.map(Self.cells)) { Console.print(line) }
          case .json:
            for message in messages { Console.printJSON(Line(message)) }
          }
        }
        Console.note("\(count) rejected")
      }
    }

    private static func cells(_ message: RejectedMessage) -> [String] {
      let errors = message.errors
      let more = errors.count > 1 ? " (and \(errors.count - 1) more)" : ""
      return [
        "\(message.id)", message.receivedTime.asTime, "\(message.size)", message.exchange, message.routingKey,
        (errors.first ?? "") + more,
      ]
    }

    private struct Line: Encodable {
      let id: Int64
      let received: String
      let size: Int
      let exchange: String
      let routingKey: String
      let errors: [String]

      init(_ message: RejectedMessage) {
        (id, size, errors) = (message.id, message.size, message.errors)
        (exchange, routingKey) = (message.exchange, message.routingKey)
        received = message.receivedTime.asTime
      }
    }
  }
}

extension Rejected {
  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints a message that could not be stored, with everything that is wrong with it.",
      discussion: """
        A body that is no text is printed in hexadecimal. With --body nothing but the body is printed, as it came.

          drover rejected show 17 --store sqlite:jobs.db
          drover rejected show 17 --body > job.json
        """)

    @Argument(help: "The message's number, as drover rejected list prints it.")
    var id: Int64

    @Flag(help: "Print the body alone, byte by byte as it came.")
    var body = false

    @OptionGroup var store: StoreOptions

    func run() async throws {
      let message = try await store.withStore { try await $0.rejectedMessage(id) }
      guard let message else { throw Rejected.unknown(id) }
      guard !body else { return Console.printBytes(message.body) }
      Console.print(
        """
        id           \(message.id)
        received     \(message.receivedTime.asTime)
        exchange     \(message.exchange.visible())
        routing key  \(message.routingKey.visible())
        size         \(message.size) bytes
        """)
      for error in message.errors { Console.print("error        \(error.visible())") }
      Console.print("\n\(String(readable: message.body))")
    }
  }

  /// What is said of a number that no message has.
  static func unknown(_ id: Int64) -> CommandFailure {
    CommandFailure(
      .inputRefused, "there is no rejected message \(id): drover rejected list prints the numbers of those there are")
  }
}
