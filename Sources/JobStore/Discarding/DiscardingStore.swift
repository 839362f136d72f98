/// A store that keeps nothing: for measuring everything that comes ahead of a store.
///
/// It counts what it is given as if it had been stored. Bindings are remembered as long as the process lives, since a
/// listener compares them; the next process knows of none.
public actor DiscardingStore: Store {
  private var jobs = 0
  private var rejected = 0
  private var recorded: [String: Set<BindingRecord>] = [:]

  /// What somebody who opens this store has to be told: messages that went into it are gone.
  public static let warning = "the store discard: keeps nothing: what is given to it is acknowledged and lost"

  /// A store without anything in it.
  public init() {}

  /// Does nothing: there is no schema.
  @discardableResult public func migrate() -> Migration { Migration(from: 0, to: 0) }

  /// Counts a batch and forgets it. Every job is told as stored, a repetition too, since nothing is known of the first.
  public func load(_ batch: [IncomingItem], policy: LoadPolicy) -> LoadReport {
    let outcomes: [LoadOutcome] = batch.map { item in
      switch item.content {
      case .job:
        jobs += 1
        return .stored
      case .rejected:
        rejected += 1
        return .rejected
      }
    }
    return LoadReport(outcomes: outcomes)
  }

  /// Forgets it: nothing waits.
  public func add(_ push: PushRecord) -> (isNew: Bool, released: Int) { (true, 0) }

  /// None: no push is kept.
  public func pushSummaries() -> [PushSummary] { [] }

  /// How much was given to it; of logs, pushes and repositories it knows nothing.
  public func counts() -> StoreCounts {
    StoreCounts(jobs: jobs, rejected: rejected)
  }

  /// Nothing is wrong with nothing.
  public func check() -> [StoreDefect] { [] }

  /// Deletes nothing: nothing is kept.
  public func expire(
    before time: Int64, batchSize: Int, while goesOn: @Sendable (ExpiryReport) -> Bool
  ) -> ExpiryReport { ExpiryReport() }

  /// The bindings that this process recorded for `queue`.
  public func bindings(of queue: String) -> Set<BindingRecord> { recorded[queue] ?? [] }

  /// Remembers the bindings of `queue` until the process ends.
  public func record(_ bindings: Set<BindingRecord>, of queue: String) { recorded[queue] = bindings }

  /// None: no repository is kept.
  public func repositories() -> [RepositoryRecord] { [] }

  /// Does nothing: every repository's jobs are counted.
  public func setRepository(_ name: String, isActive: Bool) {}

  /// Makes none: no repository is kept.
  public func addRepositories(_ names: [String]) -> Set<String> { [] }

  /// None is there.
  public func setRepositories(_ names: [String], isActive: Bool) -> Set<String> { [] }

  /// None: no message is kept.
  public func rejectedMessages(after id: Int64) -> [RejectedMessage] { [] }

  /// None: no message is kept.
  public func rejectedMessage(_ id: Int64) -> RejectedMessage? { nil }

  /// Does nothing: no message is kept.
  public func deleteRejectedMessages(_ ids: [Int64]) {}

  /// None: nothing waits.
  public func waitingPushes() -> [WaitingPush] { [] }

  /// None: no repository is kept.
  public func repositoryID(_ name: String) -> Int64? { nil }

  /// None: no job is kept.
  public func jobs(_ query: JobQuery) -> RowTable { RowTable() }

  /// None: no push is kept.
  public func pushes(_ query: PushQuery) -> PushPage { PushPage(pushes: RowTable(), revisions: RowTable()) }

  /// None: no job is kept.
  public func jobCounts(ofPush push: Int64, in repository: Int64) -> [PushSummary.Count] { [] }

  /// None: nothing of jobs is kept.
  public func parts(_ part: JobPart, _ query: PartQuery) -> RowTable { RowTable() }

  /// None: no log is kept.
  public func steps(ofJob job: Int64) -> JobSteps { JobSteps(steps: RowTable(), errors: RowTable()) }

  /// None: no repository is kept.
  public func projects(counting counted: Int) -> [ProjectSummary] { [] }

  /// None: no job is kept.
  public func matrix(ofPushes pushes: [Int64], in repository: Int64, maximum: Int) -> JobMatrix { JobMatrix() }

  /// None: no job is kept.
  public func history(_ query: HistoryQuery) -> RowTable { RowTable() }

  /// None: no log is kept.
  public func errorLines(ofJob job: Int64, count: Int) -> RowTable { RowTable() }

  /// Of no job: none is kept.
  public func trends(_ query: TrendsQuery) -> JobTrends { JobTrends() }

  /// Nothing: nothing is kept.
  nonisolated public func changes() -> AsyncStream<StoreChange> { AsyncStream { $0.yield(.anything) } }

  /// Empty: nothing is kept.
  public func list(_ list: ReferenceList) -> RowTable { RowTable() }

  /// Does nothing: there is nothing to give up.
  public func close() {}
}
