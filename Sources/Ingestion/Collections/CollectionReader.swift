public import JobStore
import JSON

/// Reads the collections that Treeherder's clients submit over HTTP, and maps them to what is stored of them.
///
/// A collection is taken whole or not at all.
public enum CollectionReader {
  /// Reads pushes with their revisions: the endpoint `resultset`.
  ///
  /// What is not stored: a result set's `type` and `artifact`, a revision's `repository` and `files`.
  ///
  /// - Parameters:
  ///   - repository: the project that they are for.
  ///   - now: the time of a push that does not say its own, in milliseconds since 1970-01-01 00:00:00 UTC.
  public static func pushes(
    _ body: [UInt8], for repository: String, now: Int64
  ) throws(CollectionRejection) -> [PushRecord] {
    try read(body) { $0.push($1, for: repository, now: now) }
  }

  /// Reads jobs: the endpoint `jobs`.
  ///
  /// `build_url` becomes a line of the job's panel; `desc` is not stored.
  public static func jobs(_ body: [UInt8], for repository: String) throws(CollectionRejection) -> [JobRecord] {
    try read(body) { $0.job($1, for: repository) }
  }

  /// Reads artifacts of jobs: the endpoint `artifact`.
  public static func artifacts(_ body: [UInt8]) throws(CollectionRejection) -> [AttachedArtifact] {
    try read(body) { reader, value in
      let guid = reader.text("job_guid", of: value, limit: PropertyReader.guidLength, isRequired: true)
      guard let artifact = reader.artifact(value), let guid else { return nil }
      return AttachedArtifact(jobGUID: guid, artifact: artifact.record, details: artifact.details)
    }
  }

  private static func read<T>(
    _ body: [UInt8], _ element: (inout PropertyReader, JSONValue) -> T?
  ) throws(CollectionRejection) -> [T] {
    var reader = PropertyReader()
    let result: [T]
    do {
      result = try JSONParser().withDocument(of: body) { collection in
        guard let elements = collection.elements else {
          reader.fail("the body is \(collection.noun), a list is asked")
          return []
        }
        return reader.each(elements, element)
      }
    } catch let error as JSONSyntaxError {
      throw .notJSON(error)
    } catch {
      throw .invalid([PropertyProblem(path: "", message: "cannot be read: \(error)")])
    }
    guard reader.problems.isEmpty else { throw .invalid(reader.problems) }
    return result
  }
}
