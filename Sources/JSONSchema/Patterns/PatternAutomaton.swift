/// A deterministic automaton that searches for a pattern with one step a character.
struct PatternAutomaton {
  /// The state in which nothing can match any more.
  static let dead: UInt16 = 0
  /// The state in which the pattern has matched.
  static let accepting: UInt16 = 1
  /// The state before the first character.
  static let initial: UInt16 = 2

  /// The next states: for each state one for each class of characters.
  private(set) var transitions: [UInt16] = []
  /// For each state 1 where the pattern matches if the string ends there.
  private(set) var acceptsAtEnd: [UInt8] = [0, 1]
  let classes: ScalarClasses

  private let instructions: ArraySlice<PatternInstruction>
  private let ranges: [ScalarRange]
  private var sets: [Set<Int>: UInt16] = [:]
  private var pending: [[Int]] = []
  private var work = 0

  private static let maximumStates = 2000
  private static let maximumTransitions = 1 << 18
  // About a tenth of a second when the schema is compiled.
  private static let maximumWork = 3_000_000

  /// Builds the automaton; nil where it would be too large, or the pattern asks for more than an
  /// automaton knows.
  init?(_ instructions: ArraySlice<PatternInstruction>, ranges: [ScalarRange]) {
    let isRegular = instructions.allSatisfy { instruction in
      switch instruction.operation {
      case .match, .set, .split, .jump, .start, .end, .save, .progress: true
      default: false
      }
    }
    guard isRegular, let classes = ScalarClasses(instructions, ranges) else { return nil }
    self.instructions = instructions
    self.ranges = ranges
    self.classes = classes
    transitions = Array(repeating: Self.dead, count: classes.count)
    transitions += Array(repeating: Self.accepting, count: classes.count)
    let first = closure(of: [instructions.startIndex], isAtStart: true, isAtEnd: false)
    // The first state is its own even where another has the same instructions, since only in it
    // the string may still be empty.
    if first.hasMatched {
      transitions += Array(repeating: Self.accepting, count: classes.count)
      acceptsAtEnd.append(1)
      return
    }
    append(first.kept, isAtStart: true)
    var next = 0
    while next < pending.count {
      guard expand(pending[next], state: next + 2) else { return nil }
      next += 1
    }
  }

  // Adds a state whose transitions are not known yet.
  private mutating func append(_ kept: Set<Int>, isAtStart: Bool) {
    pending.append(kept.sorted())
    transitions += Array(repeating: Self.dead, count: classes.count)
    let ends = closure(of: kept, isAtStart: isAtStart, isAtEnd: true).hasMatched
    acceptsAtEnd.append(ends ? 1 : 0)
  }

  private mutating func expand(_ kept: [Int], state: Int) -> Bool {
    for index in 0..<classes.count {
      var targets: Set<Int> = [instructions.startIndex]
      for place in kept where instructions[place].operation == .set {
        let set = instructions[place]
        let members = ranges[Int(set.first)..<Int(set.first + set.second)]
        let scalar = classes.examples[index]
        work += members.count
        if members.contains(where: { $0.lower <= scalar && scalar <= $0.upper }) {
          targets.insert(place + 1)
        }
      }
      let next = closure(of: targets, isAtStart: false, isAtEnd: false)
      guard work < Self.maximumWork, let target = self.state(next) else { return false }
      transitions[state * classes.count + index] = target
    }
    return true
  }

  private mutating func state(_ next: (kept: Set<Int>, hasMatched: Bool)) -> UInt16? {
    if next.hasMatched { return Self.accepting }
    if next.kept.isEmpty { return Self.dead }
    if let known = sets[next.kept] { return known }
    guard pending.count < Self.maximumStates, transitions.count < Self.maximumTransitions else {
      return nil
    }
    let new = UInt16(pending.count + 2)
    sets[next.kept] = new
    append(next.kept, isAtStart: false)
    return new
  }

  // The instructions that are reached without reading, and whether one of them is the match.
  private mutating func closure(
    of places: Set<Int>, isAtStart: Bool, isAtEnd: Bool
  ) -> (kept: Set<Int>, hasMatched: Bool) {
    var seen: Set<Int> = []
    var kept: Set<Int> = []
    var stack = Array(places)
    while let place = stack.popLast() {
      guard seen.insert(place).inserted else { continue }
      work += 1
      let instruction = instructions[place]
      switch instruction.operation {
      case .match: return ([], true)
      case .split: stack += [Int(instruction.first), Int(instruction.second)]
      case .jump: stack.append(Int(instruction.first))
      case .start:
        if isAtStart { stack.append(place + 1) }
      case .end:
        if isAtEnd { stack.append(place + 1) } else { kept.insert(place) }
      case .set: kept.insert(place)
      default: stack.append(place + 1)
      }
    }
    return (kept, false)
  }
}
