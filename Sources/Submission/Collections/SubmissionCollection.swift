/// What is submitted at once: a list of jobs, result sets or artifacts.
public struct SubmissionCollection<Element: SubmissionElement>: Sendable, Hashable {
  /// The elements, in the order in which they are sent.
  public var elements: [Element]

  /// A collection of `elements`.
  public init(_ elements: [Element] = []) { self.elements = elements }

  /// A collection of ready structures.
  ///
  /// - Parameter json: a list of objects in JSON.
  /// - Throws: ``SubmissionError`` with code `invalidJSON`.
  public init(json: [UInt8]) throws(SubmissionError) {
    guard let list = try SubmissionValue(json: json).array else {
      throw SubmissionError(.invalidJSON, "a list of \(Element.noun)s is asked")
    }
    elements = list.map { Element($0) }
  }

  /// Adds an element at the end.
  public mutating func add(_ element: Element) { elements.append(element) }

  /// The list as it is sent.
  public var data: SubmissionValue { .array(elements.map(\.data)) }

  /// The list as JSON, in UTF-8.
  public func toJSON() -> [UInt8] { data.toJSON() }

  /// Everything that is wrong with any element, with its index ahead of the property: `[3].job.job_guid`.
  public var problems: [SubmissionProblem] {
    elements.enumerated().flatMap { index, element in element.problems.map { $0.inside("[\(index)]") } }
  }

  /// Checks every element.
  ///
  /// - Throws: ``SubmissionError`` with code `invalidSubmission`, whose ``SubmissionError/problems`` are all there are.
  public func validate() throws(SubmissionError) { try problems.check() }

  /// The same elements in collections of at most `size`, at least 1.
  public func chunks(of size: Int) -> [Self] {
    let size = max(1, size)
    return stride(from: 0, to: elements.count, by: size).map { start in
      Self(Array(elements[start..<min(start + size, elements.count)]))
    }
  }
}

/// Jobs to submit.
public typealias JobCollection = SubmissionCollection<JobSubmission>
/// Result sets to submit.
public typealias ResultSetCollection = SubmissionCollection<ResultSetSubmission>
/// Artifacts to submit.
public typealias ArtifactCollection = SubmissionCollection<ArtifactSubmission>
