@_spi(Tape) import JSON

extension Evaluator {
  /// Reports that no branch matches, and what is wrong with the one that came closest.
  func failBranches(_ keyword: Keyword, _ list: ListRange, at index: Int) -> Bool {
    guard Report.collects, let collecting = report as? CollectingReporter, !collecting.isFull
    else { return false }
    var closest: (order: Int, errors: [ValidationError], score: BranchScore)?
    for order in 0..<Int(list.count) {
      let schema = program.lists[Int(list.start) &+ order]
      let branch = Evaluator<CollectingReporter>(
        program: program, tape: tape, report: collecting.emptied)
      _ = branch.descend(schema, at: index, SchemaStep(keyword, index: order))
      let errors = branch.report.errors
      let score = BranchScore(errors, at: collecting.instancePath)
      if closest.map({ score < $0.score }) ?? true { closest = (order, errors, score) }
    }
    let branches = list.count == 1 ? "the only branch" : "none of the \(list.count) branches"
    let only = list.count == 1 ? "does not match" : "matches"
    let hint = closest.map { list.count == 1 ? "" : ", branch \($0.order) comes closest" } ?? ""
    collecting.add(keyword, "\(excerpt(at: index)) \(only) \(branches)\(hint)")
    collecting.errors += closest?.errors ?? []
    return false
  }
}

/// How far a value is from a branch; the smaller, the closer.
private struct BranchScore: Comparable {
  // A value of another type is the furthest; next one that is marked as another kind by `enum` or
  // `const`; then one that merely lacks what marks the branch; then those with more that is wrong.
  private let rank: Int
  private let count: Int

  init(_ errors: [ValidationError], at path: String) {
    let isOtherType = errors.contains { $0.keyword == "type" && $0.instancePath == path }
    let isOtherKind = errors.contains { $0.keyword == "enum" || $0.keyword == "const" }
    let lacksMark = errors.allSatisfy { $0.keyword == "required" && $0.instancePath == path }
    rank = isOtherType ? 3 : isOtherKind ? 2 : lacksMark ? 1 : 0
    count = errors.count
  }

  static func < (left: BranchScore, right: BranchScore) -> Bool {
    (left.rank, left.count) < (right.rank, right.count)
  }
}
