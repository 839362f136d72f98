public import JSONSchema

/// The schema that job messages have to follow, compiled once.
public struct JobContract: Sendable {
  /// The compiled schema.
  public let schema: Schema
  /// Whether it is Drover's own, of which messages can be decoded as a ``Job``.
  public let isBundled: Bool
  /// Whether formats are asserted.
  public let formats: FormatPolicy

  /// The contract that Drover brings along: every message that Treeherder's schemas of 2017 and of today accept.
  ///
  /// - Parameter formats: whether `format` (date-time, uri) is asserted: producers gain by it; a listener takes what
  ///   Treeherder takes, which does not look at formats.
  /// - Throws: `SchemaError`; only a build whose bundled schema is broken does.
  public static func bundled(formats: FormatPolicy = .ignore) throws -> JobContract {
    JobContract(
      schema: try Schema.compile(PackageResources.pulse_job_yml, formats: formats), isBundled: true, formats: formats)
  }

  /// A contract of one's own.
  ///
  /// - Parameter text: a JSON Schema of draft 4 or 6, as JSON or YAML.
  /// - Throws: `SchemaError`, which names the place.
  public static func custom(_ text: [UInt8], formats: FormatPolicy) throws -> JobContract {
    JobContract(schema: try Schema.compile(text, formats: formats), isBundled: false, formats: formats)
  }
}
