/// What became of a collection that was submitted in chunks.
public struct SubmissionReport: Sendable {
  /// A chunk: which elements of the collection, and what the server said.
  public struct Chunk: Sendable {
    /// The indices of its elements in the collection.
    public let elements: Range<Int>
    /// The answer, or why it was not taken.
    public let result: Result<SubmissionAnswer, SubmissionError>
  }

  /// The chunks that were sent, in their order.
  public internal(set) var chunks: [Chunk] = []

  /// How many elements the server has taken.
  public var submitted: Int {
    chunks.reduce(0) { count, chunk in
      if case .success = chunk.result { count + chunk.elements.count } else { count }
    }
  }

  /// Why the first chunk that was not taken was not; nil where all were.
  public var firstError: SubmissionError? {
    for case .failure(let error) in chunks.lazy.map(\.result) { return error }
    return nil
  }
}
