@_spi(Tape) import JSON

/// A compiled JSON Schema, for any number of documents and threads.
public struct Schema: Sendable {
  /// How many errors of one document are listed at most, so that a large document that is wrong
  /// throughout costs no more than it must.
  public static let maximumErrors = 1000

  /// The program's owner.
  let storage: ProgramStorage

  /// Compiles a schema and everything that it refers to.
  ///
  /// The text is JSON or YAML, told apart by how it begins, and the draft is the one that its
  /// `$schema` names: draft-04 or draft-06.
  ///
  /// - Parameters:
  ///   - text: The schema as UTF-8.
  ///   - formats: Whether `format` can make a document invalid.
  ///   - documents: Other schemas that it may refer to, by their addresses.
  ///   - draft: The draft of a schema that names none.
  /// - Throws: ``SchemaError`` for the first thing that is wrong in it.
  public static func compile(
    _ text: [UInt8], formats: FormatPolicy = .ignore, documents: [String: [UInt8]] = [:],
    draft: SchemaDraft = .draft6
  ) throws -> Schema {
    Schema(
      storage: try SchemaCompiler.compile(
        text, formats: formats, documents: documents, draft: draft))
  }

  /// Whether a document matches, ending at the first break and allocating nothing.
  public func isValid(_ value: JSONValue) -> Bool {
    withExtendedLifetime(storage) { storage.program.isValid(value) }
  }

  /// Everything that a document breaks, up to ``maximumErrors``; empty where it matches.
  ///
  /// Where no branch of an `anyOf` or `oneOf` matches, the errors of the one that came closest
  /// follow.
  public func validate(_ value: JSONValue) -> [ValidationError] {
    if isValid(value) { return [] }
    return withExtendedLifetime(storage) {
      let evaluator = Evaluator(
        program: storage.program, tape: value.tape, report: CollectingReporter())
      _ = evaluator.evaluate(storage.program.root, at: value.index)
      return Array(evaluator.report.errors.prefix(Self.maximumErrors))
    }
  }
}

extension Program {
  /// Whether a document matches.
  func isValid(_ value: JSONValue) -> Bool {
    let evaluator = Evaluator(program: self, tape: value.tape, report: SilentReporter())
    return evaluator.evaluate(root, at: value.index)
  }
}
