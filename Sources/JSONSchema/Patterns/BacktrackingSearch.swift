/// Follows a pattern's instructions through a string, going back where a choice was wrong.
///
/// Only patterns that look around or refer back need it. A budget of steps bounds it.
struct BacktrackingSearch {
  let program: Program
  let string: UnsafeBufferPointer<UInt8>
  private let start: Int
  private var slots: [Int]
  private var steps = BacktrackingSearch.maximumSteps

  // Some hundredths of a second, and some megabytes to go back to.
  static let maximumSteps = 1_000_000

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
  }

  /// Whether the pattern matches anywhere in the string; nil where it takes too long to know.
  mutating func run() -> Bool? {
    var position = 0
    while true {
      for index in slots.indices { slots[index] = -1 }
      if match(from: start, at: position) { return true }
      if steps <= 0 { return nil }
      if position >= string.count { return false }
      position += UTF8Text.length(string[position])
    }
  }

  private mutating func match(from first: Int, at origin: Int) -> Bool {
    var stack: [Frame] = []
    var instruction = first
    var position = origin
    while true {
      steps -= 1
      if steps <= 0 { return false }
      let current = program.automata[instruction]
      var isPossible = true
      var next = instruction + 1
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
      case .save:
        let index = Int(current.first)
        stack.append(.slot(index: index, value: slots[index]))
        slots[index] = position
      case .progress: isPossible = slots[Int(current.first)] != position
      case .look, .notLook:
        let saved = slots
        let found = match(from: instruction + 1, at: position)
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
