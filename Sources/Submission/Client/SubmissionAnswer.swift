/// What the server says to a submission that it has taken.
public struct SubmissionAnswer: Sendable, Hashable {
  /// The status, from 200 to 299.
  public let status: Int
  /// Everything it says; nil where it is no JSON.
  public let data: SubmissionValue?

  /// An answer.
  public init(status: Int, data: SubmissionValue?) {
    self.status = status
    self.data = data
  }

  /// `message`, for example `Job successfully updated`.
  public var message: String? { data?["message"]?.string }

  /// `resultsets`: the ids of the result sets that were stored.
  public var resultSetIDs: [Int64] { (data?["resultsets"]?.array ?? []).compactMap(\.integer) }
}
