import ArgumentParser
import Commands
import Ingestion
import JobStore
import Logging

extension Rejected {
  struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Reads messages that could not be stored once more, as if they had just arrived, and stores them.",
      discussion: """
        A message leaves the rejected ones in the transaction that stores it, or that keeps it until its push arrives. \
        One that is refused again stays, with today's errors, and one of a repository that is not active stays as it \
        was; the status is 1 then. Ctrl-C ends it after the messages in hand.

          drover rejected replay 17 18 --store sqlite:jobs.db
          drover rejected replay --all
        """)

    @Argument(help: "The messages' numbers, as drover rejected list prints them.")
    var id: [Int64] = []

    @Flag(help: "Replay every message.")
    var all = false

    @OptionGroup var loading: LoadOptions
    @OptionGroup var store: StoreOptions

    func validate() throws {
      guard all != !id.isEmpty else { throw ValidationError("give either numbers of messages or --all") }
    }

    func run() async throws {
      let interrupt = Interrupt()
      // The command itself says what became of each message, with its number.
      var logger = store.logging.logger("drover.rejected")
      logger.logLevel = max(logger.logLevel, .error)
      let reader = try MessageReader(logger: logger)
      try await store.withStore { store in
        var replay = RejectedReplay(
          store: store, reader: reader, pipeline: Pipeline(into: store, policy: loading.policy, logger: logger))
        do {
          if all {
            try await replay.run(unless: interrupt)
          } else {
            try await replay.run(id, unless: interrupt)
          }
        } catch {
          Console.report("\(error)")
          await replay.end()
          throw ExitStatus(for: error)
        }
        await replay.end()
        if await !replay.isEverythingKept { throw ExitStatus.inputRefused }
      }
    }
  }
}

/// Messages that go from the rejected ones through the pipeline again, so many at a time that they fit in the memory.
private struct RejectedReplay {
  let store: any JobStore.Store
  let reader: MessageReader
  let pipeline: Pipeline
  private var unknown = 0
  private var progress = ProgressBar(total: 0, unit: "replayed")
  private var done = 0
  private var batch: [MessageReader.Message] = []
  private var batchBytes = 0

  private static let maximumMessages = 500
  private static let maximumBytes = 16 << 20

  init(store: any JobStore.Store, reader: MessageReader, pipeline: Pipeline) {
    (self.store, self.reader, self.pipeline) = (store, reader, pipeline)
  }

  /// Whether every message that was asked for left the rejected ones.
  var isEverythingKept: Bool {
    get async {
      let counts = await pipeline.counts
      return unknown + counts.rejected + counts.skipped == 0
    }
  }

  /// Replays all messages.
  mutating func run(unless interrupt: Interrupt) async throws {
    var last: Int64 = 0
    while !interrupt.isAsked {
      let ids = try await store.rejectedMessages(after: last).map(\.id)
      guard let end = ids.last else { return }
      last = end
      try await run(ids, mustExist: false, unless: interrupt)
    }
  }

  /// Replays the messages of these numbers.
  ///
  /// - Parameter mustExist: whether one that is not there, or not any more, is told.
  mutating func run(_ ids: [Int64], mustExist: Bool = true, unless interrupt: Interrupt) async throws {
    var seen: Set<Int64> = []
    for id in ids where seen.insert(id).inserted {
      guard !interrupt.isAsked else { break }
      guard let message = try await store.rejectedMessage(id) else {
        guard mustExist else { continue }
        progress.clear()
        Console.report("\(Rejected.unknown(id))")
        unknown += 1
        continue
      }
      batch.append(
        MessageReader.Message(
          exchange: message.exchange, routingKey: message.routingKey, body: message.body,
          receivedTime: message.receivedTime, rejectedID: id))
      batchBytes += message.size
      if batch.count == Self.maximumMessages || batchBytes >= Self.maximumBytes { try await ingest() }
    }
    if !interrupt.isAsked { try await ingest() }
  }

  private mutating func ingest() async throws {
    guard !batch.isEmpty else { return }
    let outcomes = try await pipeline.ingest(await reader.read(batch), while: { false })
    progress.clear()
    for (message, outcome) in zip(batch, outcomes) {
      guard let id = message.rejectedID else { continue }
      switch outcome {
      case .rejected:
        let errors = try await store.rejectedMessage(id)?.errors ?? []
        Console.report("rejected message \(id) is refused again: \(errors.joined(separator: "; ").visible())")
      case .skipped:
        Console.report("rejected message \(id) is of a repository that is not active: drover repositories activate")
      case .stored, .duplicate, .waiting: break
      }
    }
    done += batch.count
    progress.update(done: 0, count: done)
    batch = []
    batchBytes = 0
  }

  /// Says what became of the messages.
  mutating func end() async {
    progress.clear()
    let counts = await pipeline.counts
    let always = [
      (counts.stored, "stored"), (counts.waiting, "waiting"), (counts.rejected, "refused again"),
      (counts.duplicates, "duplicates"),
    ]
    let others = [(counts.released, "released"), (counts.skipped, "skipped"), (unknown, "unknown")].filter { $0.0 > 0 }
    Console.note((always + others).map { "\($0) \($1)" }.joined(separator: ", "))
  }
}
