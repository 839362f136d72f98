@_spi(Tape) import JSON

/// The compiled schemas: trivial values in contiguous tables that refer to one another by index.
///
/// It is a view: the storage that made it must outlive it.
struct Program {
  let nodes: UnsafePointer<Node>
  let numbers: UnsafePointer<NumberRule>
  let arrays: UnsafePointer<ArrayRule>
  let objects: UnsafePointer<ObjectRule>
  let dependencies: UnsafePointer<DependencyRule>
  let combinations: UnsafePointer<CombinationRule>
  let lists: UnsafePointer<Int32>
  let names: UnsafePointer<NameReference>
  let nameTables: UnsafePointer<NameTable>
  let nameEntries: UnsafePointer<NameEntry>
  let bytes: UnsafePointer<UInt8>
  let patterns: UnsafePointer<CompiledPattern>
  let automata: UnsafePointer<PatternInstruction>
  let ranges: UnsafePointer<ScalarRange>
  let transitions: UnsafePointer<UInt16>
  let scalarClasses: UnsafePointer<ScalarClass>
  /// The tape of all values of `enum` and `const`; a constant is an index into it.
  let constants: JSONTape
  let root: Int32

  /// The entry of a name in a table; nil where the table does not have it.
  @inline(__always)
  func find(_ name: UnsafeBufferPointer<UInt8>, in table: Int32) -> UnsafePointer<NameEntry>? {
    guard let start = name.baseAddress else { return nil }
    let ends = JSONTape.ends(of: UnsafeRawPointer(start), count: name.count)
    let table = nameTables[Int(table)]
    let entries = nameEntries + Int(table.start)
    var place = NameEntry.hash(first: ends.first, last: ends.last, count: name.count)
    while true {
      let entry = entries + (place & Int(table.mask))
      if entry.pointee.count < 0 { return nil }
      if entry.pointee.first == ends.first, entry.pointee.last == ends.last,
        Int(entry.pointee.count) == name.count,
        name.count <= 16 || hasEqualMiddle(entry, start)
      {
        return entry
      }
      place &+= 1
    }
  }

  private func hasEqualMiddle(
    _ entry: UnsafePointer<NameEntry>, _ start: UnsafePointer<UInt8>
  ) -> Bool {
    let own = bytes + Int(entry.pointee.offset)
    for offset in 8..<Int(entry.pointee.count) - 8 where own[offset] != start[offset] {
      return false
    }
    return true
  }

  /// A name as a string, for messages and paths.
  func string(_ name: NameReference) -> String { String(decoding: utf8(name), as: UTF8.self) }

  /// The bytes of a name.
  func utf8(_ name: NameReference) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: bytes + Int(name.offset), count: Int(name.count))
  }

  func string(_ entry: NameEntry) -> String {
    string(NameReference(offset: entry.offset, count: entry.count))
  }

  /// The entries of a table in the order of the schema.
  func entries(in table: Int32) -> [NameEntry] {
    let table = nameTables[Int(table)]
    return UnsafeBufferPointer(start: nameEntries + Int(table.start), count: Int(table.mask) + 1)
      .filter { $0.count >= 0 }.sorted { $0.order < $1.order }
  }
}
