/// Searches strings for patterns.
struct PatternMatcher {
  let program: Program

  /// Whether a string contains what a pattern describes.
  ///
  /// A search that runs out of its budget has not found it.
  @inline(__always)
  func matches(_ pattern: Int32, _ string: UnsafeBufferPointer<UInt8>) -> Bool {
    let compiled = program.patterns + Int(pattern)
    if compiled.pointee.engine == .byteTable {
      let table = program.bytes + Int(compiled.pointee.table)
      guard string.count >= Int(compiled.pointee.minimum),
        string.count <= Int(compiled.pointee.maximum)
      else { return false }
      for byte in string where table[Int(byte)] == 0 { return false }
      return true
    }
    return search(compiled, string) ?? false
  }

  /// Whether a search runs out of its budget.
  func givesUp(_ pattern: Int32, _ string: UnsafeBufferPointer<UInt8>) -> Bool {
    let compiled = program.patterns + Int(pattern)
    return compiled.pointee.engine != .byteTable && search(compiled, string) == nil
  }

  private func search(
    _ pattern: UnsafePointer<CompiledPattern>, _ string: UnsafeBufferPointer<UInt8>
  ) -> Bool? {
    switch pattern.pointee.engine {
    case .byteTable, .automaton: return AutomatonSearch.run(program, pattern, string)
    case .parallel:
      var search = ParallelSearch(
        program: program, pattern: pattern.pointee, string: string)
      return search.run()
    case .backtracking:
      var search = BacktrackingSearch(
        program: program, pattern: pattern.pointee, string: string)
      return search.run()
    }
  }
}
