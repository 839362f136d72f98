/// Runs a deterministic automaton over a string.
enum AutomatonSearch {
  /// Whether the pattern matches anywhere in the string.
  static func run(
    _ program: Program, _ pattern: UnsafePointer<CompiledPattern>,
    _ string: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let transitions = program.transitions + Int(pattern.pointee.transitions)
    let table = program.bytes + Int(pattern.pointee.table)
    let classCount = Int(pattern.pointee.classCount)
    var state = PatternAutomaton.initial
    var position = 0
    while position < string.count {
      let byte = string[position]
      let index: Int
      if byte < 0x80 {
        index = Int(table[Int(byte)])
        position &+= 1
      } else {
        let (scalar, length) = UTF8Text.scalar(in: string, at: position)
        index = classIndex(program, pattern, of: scalar)
        position &+= length
      }
      state = transitions[Int(state) &* classCount &+ index]
      if state <= PatternAutomaton.accepting { return state == PatternAutomaton.accepting }
    }
    return program.bytes[Int(pattern.pointee.acceptsAtEnd) &+ Int(state)] != 0
  }

  private static func classIndex(
    _ program: Program, _ pattern: UnsafePointer<CompiledPattern>, of scalar: UInt32
  ) -> Int {
    let classes = program.scalarClasses + Int(pattern.pointee.classes.start)
    // The last one that begins at or before the character; the first begins at 0.
    var (low, high) = (0, Int(pattern.pointee.classes.count))
    while high &- low > 1 {
      let middle = (low &+ high) / 2
      if classes[middle].lower <= scalar { low = middle } else { high = middle }
    }
    return Int(classes[low].index)
  }
}

/// Reads single characters of UTF-8 text that is known to be valid.
enum UTF8Text {
  /// The character at a place, and its length in bytes.
  static func scalar(
    in string: UnsafeBufferPointer<UInt8>, at position: Int
  ) -> (scalar: UInt32, length: Int) {
    let first = UInt32(string[position])
    let length = length(string[position])
    guard position + length <= string.count else { return (0xFFFD, string.count - position) }
    func low(_ offset: Int) -> UInt32 { UInt32(string[position + offset]) & 0x3F }
    return switch length {
    case 1: (first, 1)
    case 2: ((first & 0x1F) << 6 | low(1), 2)
    case 3: ((first & 0x0F) << 12 | low(1) << 6 | low(2), 3)
    default: ((first & 0x07) << 18 | low(1) << 12 | low(2) << 6 | low(3), 4)
    }
  }

  /// The length of the character that begins with a byte.
  static func length(_ first: UInt8) -> Int {
    first < 0x80 ? 1 : (first < 0xE0 ? 2 : (first < 0xF0 ? 3 : 4))
  }

  /// Whether `\b` lies at a place: a word character on one side only.
  static func isWordBoundary(_ string: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
    let before = position > 0 && isWord(string[position - 1])
    let after = position < string.count && isWord(string[position])
    return before != after
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    ASCII.isAlphanumeric(byte) || byte == 0x5F
  }
}
