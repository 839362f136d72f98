/// What a store does for those who submit over HTTP.
///
/// A call is one transaction: it does all that it is asked for, or nothing.
public protocol SubmissionStore: Sendable {
  /// Stores pushes with their revisions, and the jobs that waited for them.
  ///
  /// A push that is there is given what is said of it now; what is not said stays.
  ///
  /// - Returns: the pushes' ids in the order of `pushes`, and how many jobs were released.
  func add(_ pushes: [PushRecord]) async throws -> (ids: [Int64], released: Int)

  /// Stores jobs that somebody submitted who may write to `repository` alone.
  ///
  /// - Parameter jobs: items that are jobs of `repository`.
  /// - Returns: what became of them, or the guids of jobs of other repositories that they would have changed; then
  ///   nothing is stored.
  func submit(
    _ jobs: [IncomingItem], to repository: String, policy: LoadPolicy
  ) async throws -> SubmissionOutcome

  /// Attaches artifacts to jobs of `repository` that are there.
  ///
  /// - Returns: what became of them, or the guids of which there is no job in `repository`; then nothing is stored.
  func attach(_ artifacts: [AttachedArtifact], to repository: String) async throws -> SubmissionOutcome

  /// Takes work that nobody else is at; the longest awaited first.
  ///
  /// What is made of it is stored like anybody's artifacts, which ends the work. Until then it is given to somebody else
  /// once the lease has ended. Suggestions are not handed out before the job's logs are parsed.
  ///
  /// - Parameters:
  ///   - limit: how much is taken at most.
  ///   - leaseEnd: until when it is nobody else's, in milliseconds since 1970-01-01 00:00:00 UTC.
  func claimWork(_ kind: LogWork.Kind, limit: Int, leaseEnd: Int64) async throws -> [LogWork]
}

/// An artifact on its way to a job.
public struct AttachedArtifact: Sendable, Hashable {
  /// The job that it is for.
  public var jobGUID: String
  /// The artifact itself.
  public var artifact: ArtifactRecord
  /// Lines of the job's panel that came in it.
  public var details: [DetailRecord]

  /// An artifact for a job.
  public init(jobGUID: String, artifact: ArtifactRecord, details: [DetailRecord] = []) {
    self.jobGUID = jobGUID
    self.artifact = artifact
    self.details = details
  }
}

/// What became of a submission.
public enum SubmissionOutcome: Sendable, Hashable {
  /// All of it is kept; what became of each item, in their order.
  case stored(LoadReport)
  /// Nothing is kept, because of these jobs.
  case refused(guids: [String])
}
