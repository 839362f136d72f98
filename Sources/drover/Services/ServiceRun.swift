import Commands
import Ingestion
import JobStore
import Logging
import ServiceLifecycle

/// How the commands run that go on until they are asked to end.
enum ServiceRun {
  /// How long what is under way may take once the end was asked for.
  private static let drainTime = Duration.seconds(30)

  /// Runs services until one of them is done, or fails, or the end is asked for; then closes the store that they use.
  ///
  /// - Parameter services: each may use those ahead of it until it has ended.
  /// - Returns: what went wrong first.
  static func run(
    _ services: [any Service], over store: any JobStore.Store, _ interrupt: Interrupt, drains: Bool = false,
    logger: Logger
  ) async -> (any Error)? {
    var configuration = ServiceGroupConfiguration(
      services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
      logger: logger)
    // What a listener has in hand is stored however long it takes; a client of the server's that does not read is not
    // waited for.
    if drains { configuration.maximumGracefulShutdownDuration = drainTime }
    let group = ServiceGroup(configuration: configuration)
    interrupt.onAsked { Task { await group.triggerGracefulShutdown() } }
    var failure: (any Error)?
    do { try await group.run() } catch { failure = error }
    do { try await store.close() } catch { failure = failure ?? error }
    return failure
  }

  /// Tells what went wrong, and what a pipeline has done.
  static func end(_ failure: (any Error)?, _ pipeline: Pipeline) async {
    if let failure { Console.report("\(failure)") }
    let counts = await pipeline.counts
    let others = [(counts.released, "released"), (counts.skipped, "skipped")].filter { $0.0 > 0 }
    Console.note(
      ([(counts.stored, "stored"), (counts.waiting, "waiting"), (counts.rejected, "rejected")]
        + [(counts.duplicates, "duplicates")] + others).map { "\($0) \($1)" }.joined(separator: ", "))
  }
}
