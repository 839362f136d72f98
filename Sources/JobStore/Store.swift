/// What is kept, and how it is asked for.
///
/// An implementation is safe to be used by several tasks, and by several processes on one database. Every function throws
/// ``StoreError``, with code `unavailable` where the database cannot be reached.
public protocol Store: SubmissionStore, CredentialStore {
  /// Brings the database's schema up to this program's.
  ///
  /// - Returns: which steps it took, if any.
  /// - Throws: ``StoreError``: `newer` where the database was written by a later program.
  @discardableResult func migrate() async throws -> Migration

  /// Stores a batch in one transaction: either all of it is kept, or the call throws and nothing is.
  func load(_ batch: [IncomingItem], policy: LoadPolicy) async throws -> LoadReport

  /// Stores a push, and the jobs that waited for it.
  ///
  /// - Returns: whether the store did not know it, and how many jobs it released.
  func add(_ push: PushRecord) async throws -> (isNew: Bool, released: Int)

  /// The pushes with their jobs counted by state and result, oldest push first.
  func pushSummaries() async throws -> [PushSummary]

  /// How much there is of everything.
  func counts() async throws -> StoreCounts

  /// Looks for what is wrong with the database and with what is in it; takes as long as reading all of it.
  ///
  /// - Returns: nothing where all is well. A schema of another version is told alone.
  func check() async throws -> [StoreDefect]

  /// Deletes the jobs that are older than `time` with all that belongs to them, then the pushes of that age that have no
  /// jobs; in many transactions, none larger than a batch, between which others get their turn.
  ///
  /// A job is as old as its submission; one that does not say when it was submitted, as its push. What is waiting or
  /// rejected is not touched.
  ///
  /// - Parameters:
  ///   - time: in milliseconds since 1970-01-01 00:00:00 UTC.
  ///   - batchSize: how many jobs, or pushes, are deleted in a transaction.
  ///   - goesOn: asked after each transaction, with what was deleted by then; false ends it.
  /// - Returns: what was deleted in all.
  func expire(
    before time: Int64, batchSize: Int, while goesOn: @Sendable (ExpiryReport) -> Bool
  ) async throws -> ExpiryReport

  /// The bindings that were made for `queue`.
  func bindings(of queue: String) async throws -> Set<BindingRecord>

  /// Puts `bindings` in place of what is recorded for `queue`.
  func record(_ bindings: Set<BindingRecord>, of queue: String) async throws

  /// The repositories, by name.
  func repositories() async throws -> [RepositoryRecord]

  /// Makes a repository, or says of one that is there whether its jobs are stored.
  func setRepository(_ name: String, isActive: Bool) async throws

  /// Makes repositories whose jobs are stored; those that are there stay as they are.
  ///
  /// - Returns: the names of those that it made.
  func addRepositories(_ names: [String]) async throws -> Set<String>

  /// Says of repositories that are there whether their jobs are stored.
  ///
  /// - Returns: the names of those that are there.
  func setRepositories(_ names: [String], isActive: Bool) async throws -> Set<String>

  /// Rejected messages with an id above `id`, without their bodies: the next thousand, oldest first.
  func rejectedMessages(after id: Int64) async throws -> [RejectedMessage]

  /// A rejected message with its body, nil for one that is not there.
  func rejectedMessage(_ id: Int64) async throws -> RejectedMessage?

  /// Forgets rejected messages.
  func deleteRejectedMessages(_ ids: [Int64]) async throws

  /// The pushes that jobs wait for, the longest awaited first.
  func waitingPushes() async throws -> [WaitingPush]

  // MARK: Reading for the HTTP interface; every answer is bounded by its query.

  /// The number of a repository, nil for one that is not there.
  func repositoryID(_ name: String) async throws -> Int64?

  /// Jobs with all their fields, a column for each of ``JobField``'s cases in their order; push by push, oldest first.
  func jobs(_ query: JobQuery) async throws -> RowTable

  /// Pushes, the latest first.
  func pushes(_ query: PushQuery) async throws -> PushPage

  /// The jobs of a push by state and result; none where the push is not of that repository.
  func jobCounts(ofPush push: Int64, in repository: Int64) async throws -> [PushSummary.Count]

  /// Logs, artifacts or details of jobs, by number; the columns are ``JobPart``'s.
  func parts(_ part: JobPart, _ query: PartQuery) async throws -> RowTable

  /// The steps of a job's parsed logs.
  func steps(ofJob job: Int64) async throws -> JobSteps

  // MARK: Reading for the web page; every answer is bounded too.

  /// The repositories by name, each with its latest push.
  ///
  /// - Parameter counted: of how many of those pushes, the latest ones, the jobs are counted.
  func projects(counting counted: Int) async throws -> [ProjectSummary]

  /// The jobs of pushes for a table of them; a push of another repository has none.
  ///
  /// - Parameter maximum: how many are returned of each push, at most.
  func matrix(ofPushes pushes: [Int64], in repository: Int64, maximum: Int) async throws -> JobMatrix

  /// Other jobs of a job's signature, in its push and those before it, the latest first; the columns are
  /// ``HistoryColumn``'s.
  func history(_ query: HistoryQuery) async throws -> RowTable

  /// The first lines of a job's parsed logs that say what went wrong; the columns are ``JobSteps/ErrorColumn``'s.
  func errorLines(ofJob job: Int64, count: Int) async throws -> RowTable

  /// What became of a repository's jobs within a window of time, hour by hour.
  func trends(_ query: TrendsQuery) async throws -> JobTrends

  /// What changes from now on, in whatever process: first ``StoreChange/anything``, once everything later is seen; the
  /// same again where something may have been missed, as after a loss of the connection.
  ///
  /// Ends when nobody takes from it any longer.
  func changes() -> AsyncStream<StoreChange>

  /// A list of what jobs refer to.
  func list(_ list: ReferenceList) async throws -> RowTable

  /// Gives the database up.
  func close() async throws
}
