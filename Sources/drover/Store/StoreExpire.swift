import ArgumentParser
import Commands
import Foundation
import JobStore
import Synchronization

extension Store {
  struct Expire: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Deletes old jobs with everything that belongs to them, and pushes of that age without jobs.",
      discussion: """
        A job is as old as its submission; one that does not say when it was submitted, as its push. What waits or was \
        rejected stays. A listener may run meanwhile: it waits for one batch at most. Ctrl-C ends it after the batch in \
        hand; what was deleted by then stays deleted, and the next run deletes the rest.
        A file of SQLite does not get smaller by it; what became free is used for the next jobs.

          drover store expire --older-than 120d --store sqlite:jobs.db
        """)

    @Option(help: ArgumentHelp("The age from which jobs are deleted: a number of h, d or w.", valueName: "time"))
    var olderThan: Age

    @Option(help: "How many jobs are deleted in one transaction: 1 to 100000.")
    var batch = 1_000

    @OptionGroup var store: StoreOptions

    func validate() throws {
      guard (1...100_000).contains(batch) else { throw ValidationError("--batch must be between 1 and 100000") }
    }

    func run() async throws {
      let interrupt = Interrupt()
      let state = Mutex((deleted: ExpiryReport(), progress: ProgressBar(total: 0, unit: "jobs deleted")))
      var failure: (any Error)?
      do {
        try await store.withStore { store in
          _ = try await store.expire(before: olderThan.before(.now), batchSize: batch) { deleted in
            state.withLock { state in
              state.deleted = deleted
              state.progress.update(done: 0, count: deleted.jobs)
            }
            return !interrupt.isAsked
          }
        }
      } catch {
        failure = error
      }
      let deleted = state.withLock { state in
        state.progress.clear()
        return state.deleted
      }
      if let failure { Console.report("\(failure)") }
      Console.note(
        """
        \(deleted.jobs) jobs with \(deleted.logs) logs, \(deleted.details) details and \(deleted.artifacts) artifacts \
        deleted, and \(deleted.pushes) pushes
        """)
      throw failure.map { ExitStatus(for: $0) } ?? .done
    }
  }
}
