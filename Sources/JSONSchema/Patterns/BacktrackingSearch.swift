/// Follows a pattern's instructions through a string, going back where a choice was wrong.
///
/// Only patterns that look around or refer back need it. Without references back it never goes the
/// same way twice, and so needs no more steps than the pattern's length times the string's for each
/// look; with them, and for very long strings, a budget of steps bounds it.
struct BacktrackingSearch {
  let program: Program
  let string: UnsafeBufferPointer<UInt8>
  private let start: Int
  private var slots: [Int]
  private var steps = BacktrackingSearch.maximumSteps
  // For each instruction and position the search that was there; empty where that cannot be known.
  private var visits: [UInt32] = []
  private var lastSearch: UInt32 = 0

  // Some hundredths of a second, and some megabytes to go back to.
  static let maximumSteps = 1_000_000
  private static let maximumVisits = 1_000_000

  // A choice to go back to, or a slot's earlier value to put back.
  private enum Frame {
    case choice(instruction: Int, position: Int)
    case slot(index: Int, value: Int)
  }

  init(program: Program, pattern: CompiledPattern, string: UnsafeBufferPointer<UInt8>) {
    self.program = program
    self.string = string
    start = Int(pattern.instructions.start)
    slots = Array(repeating: -1, count: Int(pattern.slots))
    let states = Int(pattern.instructions.count) * (string.count + 1)
    if !pattern.hasBackreferences, states <= Self.maximumVisits {
      visits = Array(repeating: 0, count: states)
    }
  }

  /// Whether the pattern matches anywhere in the string; nil where it takes too long to know.
  mutating func run() -> Bool? {
    var position = 0
    lastSearch = 1
    while true {
      for index in slots.indices { slots[index] = -1 }
      // What failed from one place fails from the next one too.
      if match(from: start, at: position, search: 1) { return true }
      if steps <= 0 { return nil }
      if position >= string.count { return false }
      position += UTF8Text.length(string[position])
    }
  }

  private mutating func match(from first: Int, at origin: Int, search: UInt32) -> Bool {
    var stack: [Frame] = []
    var instruction = first
    var position = origin
    while true {
      steps -= 1
      if steps <= 0 { return false }
      let current = program.automata[instruction]
      var isPossible = true
      var next = instruction + 1
      if isRepeated(instruction, position, search) {
        guard let choice = goBack(&stack) else { return false }
        (instruction, position) = choice
        continue
      }
      switch current.operation {
      case .match: return true
      case .set:
        if let (scalar, length) = scalar(at: position), current.contains(scalar, in: program) {
          position += length
        } else {
          isPossible = false
        }
      case .setBefore:
        if let (scalar, length) = scalar(before: position), current.contains(scalar, in: program) {
          position -= length
        } else {
          isPossible = false
        }
      case .split:
        stack.append(.choice(instruction: Int(current.second), position: position))
        next = Int(current.first)
      case .jump: next = Int(current.first)
      case .start: isPossible = position == 0
      case .end: isPossible = position == string.count
      case .wordBoundary: isPossible = UTF8Text.isWordBoundary(string, position)
      case .notWordBoundary: isPossible = !UTF8Text.isWordBoundary(string, position)
      case .save where !visits.isEmpty, .progress where !visits.isEmpty: break
      case .save:
        let index = Int(current.first)
        stack.append(.slot(index: index, value: slots[index]))
        slots[index] = position
      case .progress: isPossible = slots[Int(current.first)] != position
      case .look, .notLook:
        let saved = slots
        lastSearch &+= 1
        let found = match(from: instruction + 1, at: position, search: lastSearch)
        isPossible = found == (current.operation == .look)
        if current.operation == .notLook || !found { slots = saved }
        for index in slots.indices where slots[index] != saved[index] {
          stack.append(.slot(index: index, value: saved[index]))
        }
        next = Int(current.first)
      case .backreference, .backreferenceBefore:
        let isBefore = current.operation == .backreferenceBefore
        if let length = repeated(Int(current.first), at: position, isBefore: isBefore) {
          position += isBefore ? -length : length
        } else {
          isPossible = false
        }
      }
      if isPossible {
        instruction = next
        continue
      }
      guard let choice = goBack(&stack) else { return false }
      (instruction, position) = choice
    }
  }

  // Whether this search was here before, and so found nothing from here.
  private mutating func isRepeated(_ instruction: Int, _ position: Int, _ search: UInt32) -> Bool {
    if visits.isEmpty { return false }
    let state = (instruction - start) * (string.count + 1) + position
    if visits[state] == search { return true }
    visits[state] = search
    return false
  }

  private mutating func goBack(_ stack: inout [Frame]) -> (Int, Int)? {
    while let frame = stack.popLast() {
      switch frame {
      case .choice(let instruction, let position): return (instruction, position)
      case .slot(let index, let value): slots[index] = value
      }
    }
    return nil
  }

  // How many bytes of a group's text are found at a position; nil where it is not there. A group
  // that took no part matches nothing anywhere, as ECMA-262 has it.
  private func repeated(_ group: Int, at position: Int, isBefore: Bool) -> Int? {
    let (lower, upper) = (slots[2 * group], slots[2 * group + 1])
    guard lower >= 0, upper >= lower else { return 0 }
    let length = upper - lower
    let from = isBefore ? position - length : position
    guard from >= 0, from + length <= string.count else { return nil }
    for offset in 0..<length where string[lower + offset] != string[from + offset] {
      return nil
    }
    return length
  }

  private func scalar(at position: Int) -> (UInt32, Int)? {
    position < string.count ? UTF8Text.scalar(in: string, at: position) : nil
  }

  private func scalar(before position: Int) -> (UInt32, Int)? {
    var start = position - 1
    while start > 0, string[start] & 0xC0 == 0x80 { start -= 1 }
    return start < 0 ? nil : UTF8Text.scalar(in: string, at: start)
  }
}
