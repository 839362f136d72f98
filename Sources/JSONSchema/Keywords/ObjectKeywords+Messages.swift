@_spi(Tape) import JSON

extension Evaluator {
  /// The name at an index as a string.
  func memberName(at key: Int) -> String { String(decoding: tape.string(at: key), as: UTF8.self) }

  /// Reports each name that is asked and not there.
  func reportMissing(_ rule: UnsafePointer<ObjectRule>, at index: Int) {
    let members = JSONValue(tape: tape, index: index).members
    let present = Set((members.map(Array.init) ?? []).map { Array($0.key.bytes) })
    for entry in program.entries(in: rule.pointee.names) where entry.isRequired {
      let name = program.string(entry)
      if !present.contains(Array(name.utf8)), !report.isFull {
        report.add(.required, "\(JSONExcerpt.quoted(Array(name.utf8))) is missing")
      }
    }
  }

  /// The message for a member that the schema does not know, with the closest name that it does.
  func unknownMember(_ rule: UnsafePointer<ObjectRule>, at key: Int) -> String {
    let name = memberName(at: key)
    var known: [String] = []
    if rule.pointee.names >= 0 {
      known = program.entries(in: rule.pointee.names).filter(\.isProperty)
        .map { program.string($0) }
    }
    let suggestion = ClosestName.find(name, among: known)
    return "\(JSONExcerpt.quoted(tape.string(at: key))) is no known property"
      + (suggestion.map { ", did you mean \"\($0)\"?" } ?? "")
  }

  /// The first thing that is wrong with a value, for use inside another message.
  func firstMessage(_ schema: Int32, at index: Int) -> String {
    let evaluator = Evaluator<CollectingReporter>(
      program: program, tape: tape, report: CollectingReporter())
    _ = evaluator.evaluate(schema, at: index)
    return evaluator.report.errors.first?.message ?? "it does not match"
  }
}
