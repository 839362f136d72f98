@_spi(Tape) import JSON

/// Evaluates a program on a tape, in one pass.
///
/// With a reporter that collects it goes on after a break; otherwise the first one ends it.
struct Evaluator<Report: Reporter> {
  let program: Program
  let tape: JSONTape
  let report: Report

  /// Whether the value at an index of the tape matches a schema.
  func evaluate(_ schema: Int32, at index: Int) -> Bool {
    let node = program.nodes + Int(schema)
    if node.pointee.reference >= 0 {
      if !Report.collects { return evaluate(node.pointee.reference, at: index) }
      report.enter(SchemaStep(.reference))
      defer { report.leaveSchema() }
      return evaluate(node.pointee.reference, at: index)
    }
    var isValid = true
    if node.pointee.types != .all, !hasType(node, at: index) {
      isValid = fail(.type) {
        "\(excerpt(at: index)) is \(kindName(at: index)), "
          + "\(node.pointee.types.description) is asked"
      }
      if !Report.collects { return false }
    }
    if node.pointee.isNever {
      return fail(.nothing) { "nothing is allowed here, and \(excerpt(at: index)) is there" }
    }
    switch tape.tag(at: index) {
    case JSONTag.string:
      if node.pointee.constrainsStrings, !checkString(node, at: index) { isValid = false }
    case JSONTag.object:
      if node.pointee.object >= 0, !checkObject(node.pointee.object, at: index) {
        isValid = false
      }
    case JSONTag.array:
      if node.pointee.array >= 0, !checkArray(node.pointee.array, at: index) {
        isValid = false
      }
    case JSONTag.integer, JSONTag.unsigned, JSONTag.double, JSONTag.largeInteger:
      if node.pointee.number >= 0, !checkNumber(node.pointee.number, at: index) {
        isValid = false
      }
    default: break
    }
    if !Report.collects, !isValid { return false }
    if node.pointee.combination >= 0,
      !checkCombination(node.pointee.combination, at: index)
    {
      isValid = false
    }
    return isValid
  }

  /// Reports a break; the message is made only for a reporter that keeps it. Always false.
  @inline(__always)
  func fail(_ keyword: Keyword, _ message: () -> String) -> Bool {
    if Report.collects, !report.isFull { report.add(keyword, message()) }
    return false
  }

  /// Evaluates a schema below this one.
  @inline(__always)
  func descend(
    _ schema: Int32, at index: Int, _ step: @autoclosure () -> SchemaStep,
    _ instance: @autoclosure () -> InstanceStep? = nil
  ) -> Bool {
    if !Report.collects { return evaluate(schema, at: index) }
    report.enter(step())
    let instanceStep = instance()
    if let instanceStep { report.enter(instanceStep) }
    defer {
      report.leaveSchema()
      if instanceStep != nil { report.leaveInstance() }
    }
    return evaluate(schema, at: index)
  }

  /// Whether a value matches a schema, without a report.
  func matches(_ schema: Int32, at index: Int) -> Bool {
    let silent = Evaluator<SilentReporter>(
      program: program, tape: tape, report: SilentReporter())
    return silent.evaluate(schema, at: index)
  }
}
