import JSON
import JSONSchema

/// Reads messages: parses each once, checks it against the contract and decodes it.
///
/// One reader belongs to one task, since it reuses its buffers.
public final class JobReader {
  /// What a caller wants to know of a message without storing it.
  public struct Summary: Sendable, Hashable {
    /// `origin.project`, nil where there is none.
    public let project: String?
  }

  private let contract: JobContract
  private let parser = JSONParser()

  /// A reader for messages that follow `contract`.
  public init(_ contract: JobContract) {
    self.contract = contract
  }

  /// Reads a message as a listener does: bare or in the envelope of mozillapulse, and with an owner that is too long
  /// cut to 50 code points.
  ///
  /// - Throws: ``JobRejection``.
  public func read(_ bytes: [UInt8]) throws(JobRejection) -> Job {
    try withMessage(bytes) { message in
      let payload = Envelope.payload(of: message)
      let errors = contract.schema.isValid(payload) ? [] : contract.schema.validate(payload)
      return try decode(payload, errors.filter { $0.instancePath != "/owner" || $0.keyword != "maxLength" })
    }
  }

  /// Checks a message as a producer does before it is sent; nothing is repaired.
  ///
  /// - Throws: ``JobRejection``.
  public func check(_ bytes: [UInt8]) throws(JobRejection) -> Summary {
    try withMessage(bytes) { message in
      let errors = contract.schema.isValid(message) ? [] : contract.schema.validate(message)
      if contract.isBundled { _ = try decode(message, errors) } else if !errors.isEmpty { throw JobRejection(errors) }
      return Summary(project: message["origin"]?["project"]?.string)
    }
  }

  private func decode(_ message: JSONValue, _ errors: [ValidationError]) throws -> Job {
    guard errors.isEmpty else { throw JobRejection(errors) }
    var decoder = JobDecoder()
    let job = decoder.decode(message)
    guard let job, decoder.errors.isEmpty else { throw JobRejection(decoder.errors) }
    return job
  }

  private func withMessage<R>(_ bytes: [UInt8], _ body: (JSONValue) throws -> R) throws(JobRejection) -> R {
    do {
      return try parser.withDocument(of: bytes, body)
    } catch let rejection as JobRejection {
      throw rejection
    } catch let error as JSONSyntaxError {
      throw JobRejection(
        [
          ValidationError(
            instancePath: "", schemaPath: "", keyword: "json",
            message: "not JSON at column \(error.column): \(error.message)")
        ], line: error.line)
    } catch {
      throw JobRejection([
        ValidationError(instancePath: "", schemaPath: "", keyword: "json", message: "not readable: \(error)")
      ])
    }
  }
}
