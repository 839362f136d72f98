/// Searches strings for patterns.
struct PatternMatcher {
  let program: Program

  /// Whether a string contains what a pattern describes.
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
    return follow(compiled.pointee, string)
  }

  private func follow(_ pattern: CompiledPattern, _ string: UnsafeBufferPointer<UInt8>) -> Bool {
    var search = PatternSearch(program: program, pattern: pattern, string: string)
    return search.run()
  }
}
