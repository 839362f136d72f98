/// A regular expression as its syntax has it.
indirect enum PatternNode {
  case set(ScalarSet)
  case sequence([PatternNode])
  case alternatives([PatternNode])
  case repetition(PatternNode, minimum: Int, maximum: Int?, isGreedy: Bool)
  case capture(PatternNode, index: Int)
  case start
  case end
  case wordBoundary(isNegated: Bool)
  case look(PatternNode, isBehind: Bool, isNegated: Bool)
  case backreference(Int)

  /// Whether it can match without a character.
  var canBeEmpty: Bool {
    switch self {
    case .set: false
    case .sequence(let nodes): nodes.allSatisfy(\.canBeEmpty)
    case .alternatives(let nodes): nodes.contains(where: \.canBeEmpty)
    case .repetition(let node, let minimum, _, _): minimum == 0 || node.canBeEmpty
    case .capture(let node, _): node.canBeEmpty
    case .start, .end, .wordBoundary, .look, .backreference: true
    }
  }
}

/// What is wrong in a regular expression.
struct PatternError: Error {
  let message: String
}
