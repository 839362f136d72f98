/// Keeps every break with both of its paths.
final class CollectingReporter: Reporter {
  static var collects: Bool { true }
  var isFull: Bool { errors.count >= Schema.maximumErrors }

  /// What was found so far.
  var errors: [ValidationError] = []
  private var schemaSteps: [SchemaStep] = []
  private var instanceSteps: [InstanceStep] = []

  func enter(_ step: SchemaStep) { schemaSteps.append(step) }
  func leaveSchema() { schemaSteps.removeLast() }
  func enter(_ step: InstanceStep) { instanceSteps.append(step) }
  func leaveInstance() { instanceSteps.removeLast() }

  func add(_ keyword: Keyword, _ message: String) {
    // A schema that is `false` has no keyword to point at.
    let last = keyword == .nothing ? [] : [SchemaStep(keyword)]
    errors.append(
      ValidationError(
        instancePath: instancePath,
        schemaPath: Self.path(schemaSteps + last), keyword: keyword.rawValue,
        message: message))
  }

  /// The name of the member that is being looked at.
  var memberName: String? {
    for step in instanceSteps.reversed() {
      if case .member(let name) = step { return String(decoding: name, as: UTF8.self) }
    }
    return nil
  }

  /// Where in the document the evaluation is.
  var instancePath: String {
    instanceSteps.map { step in
      switch step {
      case .member(let name): "/" + Self.escaped(name)
      case .element(let index): "/\(index)"
      }
    }.joined()
  }

  private static func escaped(_ name: UnsafeBufferPointer<UInt8>) -> String {
    JSONPointer.escaped(String(decoding: name, as: UTF8.self))
  }

  private static func path(_ steps: [SchemaStep]) -> String {
    steps.map { step in
      "/" + step.keyword.rawValue + (step.name.map { "/" + escaped($0) } ?? "")
        + (step.index.map { "/\($0)" } ?? "")
    }.joined()
  }
}

extension CollectingReporter {
  /// A reporter at the same place that has found nothing yet.
  var emptied: CollectingReporter {
    let copy = CollectingReporter()
    (copy.schemaSteps, copy.instanceSteps) = (schemaSteps, instanceSteps)
    return copy
  }
}
