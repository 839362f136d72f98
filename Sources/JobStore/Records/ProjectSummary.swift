/// A repository with the latest of its pushes.
public struct ProjectSummary: Sendable, Hashable {
  /// A push.
  public struct Push: Sendable, Hashable {
    /// The push's number.
    public let id: Int64
    /// Its revision.
    public let revision: String
    /// Who pushed, where that is known.
    public let author: String?
    /// When, in milliseconds since 1970-01-01 00:00:00 UTC.
    public let time: Int64
    /// Its jobs by state, then by result; nil where they were not counted.
    public internal(set) var counts: [PushSummary.Count]?
  }

  /// The repository's name.
  public let name: String
  /// Whether its jobs are stored.
  public let isActive: Bool
  /// The latest push, nil for a repository without one.
  public internal(set) var latest: Push?
}
