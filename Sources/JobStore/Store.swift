/// What is kept, and how it is asked for.
///
/// An implementation is safe to be used by several tasks, and by several processes on one database.
public protocol Store: Sendable {
  /// Brings the database's schema up to this program's.
  ///
  /// - Throws: ``StoreError``: `newer` where the database was written by a later program.
  func migrate() async throws

  /// Stores a batch in one transaction: either all of it is kept, or the call throws and nothing is.
  ///
  /// - Parameter createsPushes: whether a push that is not known is made from a job's own project and revision. If not,
  ///   the job waits until its push arrives.
  /// - Returns: what became of each item, in the batch's order.
  func load(_ batch: [IncomingItem], createsPushes: Bool) async throws -> [LoadOutcome]

  /// The pushes with their jobs counted by state and result, oldest push first.
  func pushSummaries() async throws -> [PushSummary]

  /// How much there is of everything.
  func counts() async throws -> StoreCounts

  /// The bindings that were made for `queue`.
  func bindings(of queue: String) async throws -> Set<BindingRecord>

  /// Puts `bindings` in place of what is recorded for `queue`.
  func record(_ bindings: Set<BindingRecord>, of queue: String) async throws

  /// Gives the database up.
  func close() async throws
}
