@_spi(Tape) import JSON

/// The tables of a program while it grows.
struct ProgramBuilder {
  var nodes: [Node] = []
  var numbers: [NumberRule] = []
  var arrays: [ArrayRule] = []
  var objects: [ObjectRule] = []
  var dependencies: [DependencyRule] = []
  var combinations: [CombinationRule] = []
  var lists: [Int32] = []
  var names: [NameReference] = []
  var nameTables: [NameTable] = []
  var nameEntries: [NameEntry] = []
  var bytes: [UInt8] = []
  var patterns: [CompiledPattern] = []
  var automata: [PatternInstruction] = []
  var ranges: [ScalarRange] = []
  var transitions: [UInt16] = []
  var scalarClasses: [ScalarClass] = []
  var constantWords: [UInt64] = []
  var constantStrings: [UInt8] = []

  /// A name that a table is to have.
  struct Name {
    var text: String
    var schema: Int32 = -1
    var isProperty = false
    var isRequired = false
  }

  mutating func addList(_ entries: [Int32]) -> ListRange {
    defer { lists.append(contentsOf: entries) }
    return ListRange(start: Int32(lists.count), count: Int32(entries.count))
  }

  mutating func addName(_ text: String) -> NameReference {
    let utf8 = Array(text.utf8)
    defer { bytes.append(contentsOf: utf8) }
    return NameReference(offset: Int32(bytes.count), count: Int32(utf8.count))
  }

  mutating func addNames(_ texts: [String]) -> ListRange {
    let references = texts.map { addName($0) }
    defer { names.append(contentsOf: references) }
    return ListRange(start: Int32(names.count), count: Int32(references.count))
  }

  /// Adds a hash table of different names, at most half full.
  mutating func addNameTable(_ list: [Name]) -> Int32 {
    var size = 4
    while size < list.count * 4 { size *= 2 }
    let start = nameEntries.count
    nameEntries.append(contentsOf: repeatElement(NameEntry(), count: size))
    for (order, name) in list.enumerated() {
      var entry = NameEntry()
      let reference = addName(name.text)
      let padded = Array(name.text.utf8) + [UInt8](repeating: 0, count: 8)
      let ends = padded.withUnsafeBytes { padded in
        padded.baseAddress.map { JSONTape.ends(of: $0, count: padded.count - 8) }
      }
      (entry.first, entry.last) = ends ?? (0, 0)
      (entry.offset, entry.count) = (reference.offset, reference.count)
      entry.schema = name.schema
      entry.order = Int16(clamping: order)
      (entry.isProperty, entry.isRequired) = (name.isProperty, name.isRequired)
      var place = NameEntry.hash(
        first: entry.first, last: entry.last, count: Int(entry.count))
      while nameEntries[start + place & (size - 1)].count >= 0 { place += 1 }
      nameEntries[start + place & (size - 1)] = entry
    }
    nameTables.append(NameTable(start: Int32(start), mask: Int32(size - 1)))
    return Int32(nameTables.count - 1)
  }

  /// Writes a value the way a parser would, and returns its index on the tape of constants.
  mutating func addConstant(_ value: SchemaValue) -> Int32 {
    let index = constantWords.count
    func word(_ tag: UInt8, _ payload: Int = 0) -> UInt64 {
      UInt64(tag) << 56 | UInt64(payload)
    }
    switch value {
    case .null: constantWords.append(word(JSONTag.null))
    case .boolean(let value):
      constantWords.append(word(value ? JSONTag.isTrue : JSONTag.isFalse))
    case .number(let number):
      switch number.kind {
      case .signed: constantWords.append(word(JSONTag.integer))
      case .unsigned: constantWords.append(word(JSONTag.unsigned))
      case .double:
        constantWords.append(
          word(number.isWrittenAsInteger ? JSONTag.largeInteger : JSONTag.double))
      }
      constantWords.append(
        number.kind == .double ? number.double.bitPattern : number.unsigned)
    case .string(let string): addConstantString(string)
    case .array(let elements):
      constantWords.append(0)
      for element in elements { _ = addConstant(element) }
      close(index, JSONTag.array, 0x5D, count: elements.count)
    case .object(let object):
      constantWords.append(0)
      for member in object.members {
        addConstantString(member.name)
        _ = addConstant(member.value)
      }
      close(index, JSONTag.object, 0x7D, count: object.members.count)
    }
    return Int32(index)
  }

  private mutating func addConstantString(_ string: String) {
    let utf8 = Array(string.utf8)
    constantWords.append(UInt64(JSONTag.string) << 56 | UInt64(constantStrings.count))
    withUnsafeBytes(of: UInt32(utf8.count)) { constantStrings.append(contentsOf: $0) }
    constantStrings.append(contentsOf: utf8)
    constantStrings.append(0)
  }

  private mutating func close(_ index: Int, _ opening: UInt8, _ closing: UInt8, count: Int) {
    constantWords.append(UInt64(closing) << 56 | UInt64(index))
    let payload = UInt64(min(count, 0xFF_FFFF)) << 32 | UInt64(constantWords.count)
    constantWords[index] = UInt64(opening) << 56 | payload
  }
}
