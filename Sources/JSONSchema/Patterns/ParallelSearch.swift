/// Follows all ways through a pattern's instructions at once, so that the time is bounded by the length
/// of the string times that of the pattern.
struct ParallelSearch {
  private let program: Program
  private let pattern: CompiledPattern
  private let string: UnsafeBufferPointer<UInt8>
  private let first: Int
  // For each instruction the position, plus one, for which it was last reached.
  private var reached: [Int]
  private var steps = ParallelSearch.maximumSteps

  // About a second: the product of a long string and a long pattern is still large.
  private static let maximumSteps = 100_000_000

  init(program: Program, pattern: CompiledPattern, string: UnsafeBufferPointer<UInt8>) {
    self.program = program
    self.pattern = pattern
    self.string = string
    first = Int(pattern.instructions.start)
    reached = Array(repeating: 0, count: Int(pattern.instructions.count))
  }

  /// Whether the pattern matches anywhere in the string; nil where it takes too long to know.
  mutating func run() -> Bool? {
    var position = 0
    var stack: [Int] = []
    while true {
      stack.append(first)
      var waiting: [Int] = []
      if follow(&stack, at: position, into: &waiting) { return true }
      if position >= string.count { return false }
      if steps <= 0 { return nil }
      let (scalar, length) = UTF8Text.scalar(in: string, at: position)
      position += length
      for place in waiting where program.automata[place].contains(scalar, in: program) {
        stack.append(place + 1)
      }
      steps -= waiting.count
    }
  }

  // Follows instructions that read nothing; true where the pattern has matched.
  private mutating func follow(
    _ stack: inout [Int], at position: Int, into waiting: inout [Int]
  ) -> Bool {
    while let place = stack.popLast() {
      if reached[place - first] == position + 1 { continue }
      reached[place - first] = position + 1
      steps -= 1
      let instruction = program.automata[place]
      switch instruction.operation {
      case .match: return true
      case .set: waiting.append(place)
      case .split: stack += [Int(instruction.second), Int(instruction.first)]
      case .jump: stack.append(Int(instruction.first))
      case .start:
        if position == 0 { stack.append(place + 1) }
      case .end:
        if position == string.count { stack.append(place + 1) }
      case .wordBoundary:
        if UTF8Text.isWordBoundary(string, position) { stack.append(place + 1) }
      case .notWordBoundary:
        if !UTF8Text.isWordBoundary(string, position) { stack.append(place + 1) }
      default: stack.append(place + 1)
      }
    }
    return false
  }
}

extension PatternInstruction {
  /// Whether a character is in the set of this instruction.
  func contains(_ scalar: UInt32, in program: Program) -> Bool {
    var low = Int(first)
    var high = low + Int(second)
    while low < high {
      let middle = (low + high) / 2
      let range = program.ranges[middle]
      if scalar < range.lower {
        high = middle
      } else if scalar > range.upper {
        low = middle + 1
      } else {
        return true
      }
    }
    return false
  }
}
