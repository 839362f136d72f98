/// Follows a pattern's instructions through a string, going back where a choice was wrong.
///
/// A budget of steps bounds it: a search that runs out of it counts as one that found nothing.
struct PatternSearch {
  let program: Program
  let string: UnsafeBufferPointer<UInt8>
  private let start: Int
  private var slots: [Int]
  private var steps = PatternSearch.maximumSteps

  // About a tenth of a second.
  static let maximumSteps = 5_000_000

  // A choice to go back to, or a slot's earlier value to put back.
  private enum Frame {
    case choice(instruction: Int, position: Int)
    case slot(index: Int, value: Int)
  }

  init(program: Program, pattern: CompiledPattern, string: UnsafeBufferPointer<UInt8>) {
    self.program = program
    self.string = string
    start = Int(pattern.start)
    slots = Array(repeating: -1, count: Int(pattern.slots))
  }

  /// Whether the pattern matches anywhere in the string.
  mutating func run() -> Bool {
    var position = 0
    while true {
      for index in slots.indices { slots[index] = -1 }
      if match(from: start, at: position) { return true }
      if position >= string.count || steps <= 0 { return false }
      position += Self.length(string[position])
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
        if let (scalar, length) = scalar(at: position), contains(current, scalar) {
          position += length
        } else {
          isPossible = false
        }
      case .setBefore:
        if let (scalar, length) = scalar(before: position), contains(current, scalar) {
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
      case .wordBoundary: isPossible = isWordBoundary(position)
      case .notWordBoundary: isPossible = !isWordBoundary(position)
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

  private func contains(_ instruction: PatternInstruction, _ scalar: UInt32) -> Bool {
    var low = Int(instruction.first)
    var high = low + Int(instruction.second)
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

  private func isWordBoundary(_ position: Int) -> Bool {
    let before = position > 0 && Self.isWord(string[position - 1])
    let after = position < string.count && Self.isWord(string[position])
    return before != after
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
    default: false
    }
  }

  private func scalar(at position: Int) -> (UInt32, Int)? {
    guard position < string.count else { return nil }
    let first = UInt32(string[position])
    let length = Self.length(string[position])
    guard position + length <= string.count else { return nil }
    func low(_ offset: Int) -> UInt32 { UInt32(string[position + offset]) & 0x3F }
    return switch length {
    case 1: (first, 1)
    case 2: ((first & 0x1F) << 6 | low(1), 2)
    case 3: ((first & 0x0F) << 12 | low(1) << 6 | low(2), 3)
    default: ((first & 0x07) << 18 | low(1) << 12 | low(2) << 6 | low(3), 4)
    }
  }

  private func scalar(before position: Int) -> (UInt32, Int)? {
    var start = position - 1
    while start > 0, string[start] & 0xC0 == 0x80 { start -= 1 }
    return start < 0 ? nil : scalar(at: start)
  }

  // The strings of a document are valid UTF-8.
  private static func length(_ first: UInt8) -> Int {
    first < 0x80 ? 1 : (first < 0xE0 ? 2 : (first < 0xF0 ? 3 : 4))
  }
}
