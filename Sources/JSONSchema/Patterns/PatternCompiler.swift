/// Turns a regular expression into instructions of a program, or into a byte table.
struct PatternCompiler {
  private var instructions: [PatternInstruction] = []
  private var slots: Int32
  private let base: Int
  private var ranges: [ScalarRange]
  private let rangesBase: Int

  private static let maximumInstructions = 20_000

  private init(base: Int, rangesBase: Int, captures: Int) {
    self.base = base
    self.rangesBase = rangesBase
    slots = Int32(2 * (captures + 1))
    ranges = []
  }

  /// Adds a pattern to a program and returns its index.
  ///
  /// - Throws: ``PatternError`` where the text is no regular expression, or too large.
  static func compile(
    _ text: String, into builder: inout ProgramBuilder
  ) throws(PatternError) -> Int32 {
    var parser = PatternParser(text)
    let node = try parser.parse()
    var pattern = CompiledPattern(source: builder.addName(text))
    if let table = ByteTableShape(node) {
      pattern.engine = .byteTable
      pattern.table = Int32(builder.bytes.count)
      pattern.minimum = UInt32(clamping: table.minimum)
      pattern.maximum = table.maximum.map { UInt32(clamping: $0) } ?? .max
      builder.bytes += table.bytes
    } else {
      var compiler = PatternCompiler(
        base: builder.automata.count, rangesBase: builder.ranges.count,
        captures: parser.captureCount)
      try compiler.emit(node, isBackward: false)
      try compiler.add(.match)
      pattern.instructions = ListRange(
        start: Int32(compiler.base), count: Int32(compiler.instructions.count))
      pattern.slots = compiler.slots
      builder.automata += compiler.instructions
      builder.ranges += compiler.ranges
      chooseEngine(compiler.base, &pattern, &builder)
    }
    builder.patterns.append(pattern)
    return Int32(builder.patterns.count - 1)
  }

  // The fastest engine that can do it.
  private static func chooseEngine(
    _ base: Int, _ pattern: inout CompiledPattern, _ builder: inout ProgramBuilder
  ) {
    let instructions = builder.automata[base...]
    pattern.hasBackreferences = instructions.contains {
      $0.operation == .backreference || $0.operation == .backreferenceBefore
    }
    let needsBacktracking = instructions.contains { instruction in
      switch instruction.operation {
      case .look, .notLook, .backreference, .backreferenceBefore: true
      default: false
      }
    }
    if needsBacktracking { return }
    pattern.engine = .parallel
    guard let automaton = PatternAutomaton(instructions, ranges: builder.ranges) else { return }
    pattern.engine = .automaton
    pattern.table = Int32(builder.bytes.count)
    builder.bytes += (UInt32(0)..<128).map { automaton.classes.index(of: $0) }
    pattern.acceptsAtEnd = Int32(builder.bytes.count)
    builder.bytes += automaton.acceptsAtEnd
    pattern.transitions = Int32(builder.transitions.count)
    builder.transitions += automaton.transitions
    pattern.classCount = Int32(automaton.classes.count)
    pattern.classes = ListRange(
      start: Int32(builder.scalarClasses.count),
      count: Int32(automaton.classes.bounds.count))
    builder.scalarClasses += automaton.classes.bounds
  }

  private var next: Int32 { Int32(base + instructions.count) }

  private mutating func add(
    _ operation: PatternInstruction.Operation, _ first: Int32 = 0, _ second: Int32 = 0
  ) throws(PatternError) {
    if instructions.count >= Self.maximumInstructions {
      throw PatternError(message: "it is too large")
    }
    instructions.append(
      PatternInstruction(operation: operation, first: first, second: second))
  }

  private mutating func emit(_ node: PatternNode, isBackward: Bool) throws(PatternError) {
    switch node {
    case .set(let set):
      let first = Int32(rangesBase + ranges.count)
      ranges += set.ranges
      try add(isBackward ? .setBefore : .set, first, Int32(set.ranges.count))
    case .sequence(let nodes):
      for node in isBackward ? nodes.reversed() : nodes {
        try emit(node, isBackward: isBackward)
      }
    case .alternatives(let nodes):
      try emit(alternatives: nodes[...], isBackward: isBackward)
    case .repetition(let node, let minimum, let maximum, let isGreedy):
      try emit(
        repetitionOf: node, minimum: minimum, maximum: maximum, isGreedy: isGreedy,
        isBackward: isBackward)
    case .capture(let node, let index):
      let first = Int32(2 * index)
      try add(.save, isBackward ? first + 1 : first)
      try emit(node, isBackward: isBackward)
      try add(.save, isBackward ? first : first + 1)
    case .start: try add(.start)
    case .end: try add(.end)
    case .wordBoundary(let isNegated): try add(isNegated ? .notWordBoundary : .wordBoundary)
    case .look(let node, let isBehind, let isNegated):
      let place = instructions.count
      try add(isNegated ? .notLook : .look)
      try emit(node, isBackward: isBehind)
      try add(.match)
      instructions[place].first = next
    case .backreference(let index):
      try add(isBackward ? .backreferenceBefore : .backreference, Int32(index))
    }
  }

  private mutating func emit(
    alternatives nodes: ArraySlice<PatternNode>, isBackward: Bool
  ) throws(PatternError) {
    guard let node = nodes.first else { return }
    if nodes.count == 1 { return try emit(node, isBackward: isBackward) }
    let split = instructions.count
    try add(.split, next + 1)
    try emit(node, isBackward: isBackward)
    let jump = instructions.count
    try add(.jump)
    instructions[split].second = next
    try emit(alternatives: nodes.dropFirst(), isBackward: isBackward)
    instructions[jump].first = next
  }

  private mutating func emit(
    repetitionOf node: PatternNode, minimum: Int, maximum: Int?, isGreedy: Bool,
    isBackward: Bool
  ) throws(PatternError) {
    for _ in 0..<minimum { try emit(node, isBackward: isBackward) }
    if let maximum {
      var splits: [Int] = []
      for _ in minimum..<max(minimum, maximum) {
        splits.append(instructions.count)
        try add(.split)
        try emit(node, isBackward: isBackward)
      }
      for split in splits {
        point(split, into: Int32(base + split + 1), past: next, isGreedy: isGreedy)
      }
      return
    }
    let split = instructions.count
    try add(.split)
    let slot = slots
    if node.canBeEmpty {
      slots += 1
      try add(.save, slot)
    }
    try emit(node, isBackward: isBackward)
    if node.canBeEmpty { try add(.progress, slot) }
    try add(.jump, Int32(base + split))
    point(split, into: Int32(base + split + 1), past: next, isGreedy: isGreedy)
  }

  private mutating func point(_ split: Int, into: Int32, past: Int32, isGreedy: Bool) {
    instructions[split].first = isGreedy ? into : past
    instructions[split].second = isGreedy ? past : into
  }
}
