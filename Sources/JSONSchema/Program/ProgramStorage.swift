@_spi(Tape) import JSON

/// Owns the memory of a program.
// Nothing is written after the initializer, so that any number of threads may read it.
final class ProgramStorage: @unchecked Sendable {
  private let allocations: [UnsafeMutableRawPointer]
  /// The program, valid as long as this object.
  let program: Program

  init(_ builder: ProgramBuilder, root: Int32) {
    var allocations: [UnsafeMutableRawPointer] = []
    func store<T: BitwiseCopyable>(_ values: [T]) -> UnsafePointer<T> {
      let memory = UnsafeMutablePointer<T>.allocate(capacity: max(1, values.count))
      values.withUnsafeBufferPointer { values in
        if let start = values.baseAddress {
          memory.initialize(from: start, count: values.count)
        }
      }
      allocations.append(UnsafeMutableRawPointer(memory))
      return UnsafePointer(memory)
    }
    // Strings are compared eight bytes at a time.
    let padding = [UInt8](repeating: 0, count: 8)
    program = Program(
      nodes: store(builder.nodes),
      numbers: store(builder.numbers),
      arrays: store(builder.arrays),
      objects: store(builder.objects),
      dependencies: store(builder.dependencies),
      combinations: store(builder.combinations),
      lists: store(builder.lists),
      names: store(builder.names),
      nameTables: store(builder.nameTables),
      nameEntries: store(builder.nameEntries),
      bytes: store(builder.bytes + padding),
      patterns: store(builder.patterns),
      automata: store(builder.automata),
      ranges: store(builder.ranges),
      transitions: store(builder.transitions),
      scalarClasses: store(builder.scalarClasses),
      constants: JSONTape(
        words: store(builder.constantWords),
        strings: store(builder.constantStrings + padding)),
      root: root)
    self.allocations = allocations
  }

  deinit {
    for memory in allocations { memory.deallocate() }
  }
}
