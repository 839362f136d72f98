import Glibc
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
  private let validator: Validator

  /// A reader for messages that follow `contract`.
  public init(_ contract: JobContract) {
    self.contract = contract
    validator = Validator(contract.schema)
  }

  /// Reads a message as a listener does: bare or in the envelope of mozillapulse, and with an owner that is too long
  /// cut to 50 code points.
  ///
  /// - Throws: ``JobRejection``.
  public func read(_ bytes: [UInt8]) throws(JobRejection) -> Job {
    try rejecting {
      try parser.withDocument(of: bytes) { message in
        let payload = Envelope.payload(of: message)
        let errors = validator.validate(payload)
        return try decode(payload, errors.filter { $0.instancePath != "/owner" || $0.keyword != "maxLength" })
      }
    }
  }

  /// Checks a message as a producer does before it is sent; nothing is repaired.
  ///
  /// - Throws: ``JobRejection``.
  public func check(_ bytes: [UInt8]) throws(JobRejection) -> Summary {
    try rejecting {
      try parser.withDocument(of: bytes) { message in
        try check(message, textOf: bytes.span.bytes)
        return Summary(project: message["origin"]?["project"]?.string)
      }
    }
  }

  /// Checks a message where it lies; the same verdict as ``check(_:)``, without a copy.
  ///
  /// - Parameter bytes: the message, behind which `JSONParser.padding` more bytes can be read.
  /// - Throws: ``JobRejection``.
  public func check(padded bytes: UnsafeRawBufferPointer) throws(JobRejection) {
    try rejecting { try parser.withDocument(ofPadded: bytes) { try check($0, textOf: bytes.bytes) } }
  }

  private func check(_ message: JSONValue, textOf text: RawSpan) throws {
    guard validator.isValid(message) else { throw JobRejection(validator.validate(message)) }
    guard contract.isBundled else { return }
    // With formats asserted every time can be read, and without an escape there is no U+0000 in any text: nothing is
    // left for the decoder to find.
    if contract.formats == .ignore && JobDecoder.hasDoubtfulTime(message) || text.containsEscapedNull {
      _ = try decode(message, [])
    }
  }

  private func decode(_ message: JSONValue, _ errors: [ValidationError]) throws -> Job {
    guard errors.isEmpty else { throw JobRejection(errors) }
    var decoder = JobDecoder()
    let job = decoder.decode(message)
    guard let job, decoder.errors.isEmpty else { throw JobRejection(decoder.errors) }
    return job
  }

  /// Does some work, and makes a rejection of whatever it throws.
  private func rejecting<R>(_ work: () throws -> R) throws(JobRejection) -> R {
    do {
      return try work()
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

extension RawSpan {
  /// Whether `\u0000` stands somewhere in the text; also true for the harmless `\\u0000`, which is rare enough.
  fileprivate var containsEscapedNull: Bool {
    withUnsafeBytes { bytes in
      var rest = bytes[...]
      while let start = rest.isEmpty ? nil : UnsafeRawBufferPointer(rebasing: rest).baseAddress,
        let found = memchr(start, Int32(UInt8(ascii: "\\")), rest.count)
      {
        rest = rest.dropFirst(UnsafeRawPointer(found) - start + 1)
        if rest.starts(with: "u0000".utf8) { return true }
      }
      return false
    }
  }
}
