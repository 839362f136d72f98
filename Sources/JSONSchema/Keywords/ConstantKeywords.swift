@_spi(Tape) import JSON

extension SchemaCompiler {
  /// Compiles `enum` and `const`; false where the schema has neither.
  mutating func compileConstants(
    _ scope: SchemaScope, _ rule: inout CombinationRule
  ) throws -> Bool {
    var hasAny = false
    if let value = scope.object["enum"] {
      guard case .array(let elements) = value else {
        throw wrong(scope, "enum", "\"enum\" must be an array, and is \(value.kindName)")
      }
      compileEnumeration(elements, &rule)
      // Draft-06 only recommends both.
      if scope.draft == .draft4 { try checkEnumeration(elements, scope) }
      hasAny = true
    }
    if scope.draft != .draft4, let value = scope.object["const"] {
      rule.const = builder.addConstant(value)
      hasAny = true
    }
    return hasAny
  }

  private func checkEnumeration(_ elements: [SchemaValue], _ scope: SchemaScope) throws {
    if elements.isEmpty {
      throw wrong(scope, "enum", "\"enum\" must have at least one value")
    }
    var scratch = ProgramBuilder()
    let index = scratch.addConstant(.array(elements))
    let storage = ProgramStorage(scratch, root: 0)
    let pair = withExtendedLifetime(storage) {
      UniqueItems.repeatedElements(storage.program.constants, at: Int(index))
    }
    if let pair {
      throw wrong(
        scope, "enum", "\"enum\" has the same value at \(pair.0) and \(pair.1)")
    }
  }

  // Strings are looked up, other values compared.
  private mutating func compileEnumeration(
    _ elements: [SchemaValue], _ rule: inout CombinationRule
  ) {
    rule.hasEnum = true
    var seen: Set<[UInt8]> = []
    var names: [ProgramBuilder.Name] = []
    var others: [Int32] = []
    for element in elements {
      if let string = element.string {
        if seen.insert(Array(string.utf8)).inserted {
          names.append(ProgramBuilder.Name(text: string))
        }
      } else {
        others.append(builder.addConstant(element))
      }
    }
    if !names.isEmpty { rule.enumNames = builder.addNameTable(names) }
    rule.enumValues = builder.addList(others)
  }
}

extension Evaluator {
  /// Checks `enum` and `const`.
  @inline(__always)
  func checkConstants(_ rule: UnsafePointer<CombinationRule>, at index: Int) -> Bool {
    var isValid = true
    if rule.pointee.hasEnum, !isEnumerated(rule, at: index) {
      isValid = fail(.enum) { enumerationMessage(rule, at: index) }
      if !Report.collects { return false }
    }
    if rule.pointee.const >= 0 {
      let constant = Int(rule.pointee.const)
      if !TapeEquality.areEqual(tape, index, program.constants, constant) {
        isValid = fail(.const) {
          "\(excerpt(at: index)) is there, \(Self.shown(program.constants, constant)) is asked"
        }
      }
    }
    return isValid
  }

  @inline(__always)
  private func isEnumerated(_ rule: UnsafePointer<CombinationRule>, at index: Int) -> Bool {
    if tape.tag(at: index) == JSONTag.string {
      return rule.pointee.enumNames >= 0
        && program.find(tape.string(at: index), in: rule.pointee.enumNames) != nil
    }
    let values = rule.pointee.enumValues
    for place in Int(values.start)..<Int(values.start + values.count)
    where TapeEquality.areEqual(tape, index, program.constants, Int(program.lists[place])) {
      return true
    }
    return false
  }

  private func enumerationMessage(
    _ rule: UnsafePointer<CombinationRule>, at index: Int
  ) -> String {
    let shownCount = 12
    var names: [String] = []
    if rule.pointee.enumNames >= 0 {
      names = program.entries(in: rule.pointee.enumNames).map { program.string($0) }
    }
    var allowed = names.map { JSONExcerpt.quoted(Array($0.utf8)) }
    let values = rule.pointee.enumValues
    for place in Int(values.start)..<Int(values.start + values.count) {
      allowed.append(Self.shown(program.constants, Int(program.lists[place])))
    }
    let more = allowed.count > shownCount ? " and \(allowed.count - shownCount) more" : ""
    let list = allowed.prefix(shownCount).joined(separator: ", ") + more
    var message = "\(excerpt(at: index)) is not \(allowed.count == 1 ? "" : "one of ")\(list)"
    if tape.tag(at: index) == JSONTag.string,
      let name = ClosestName.find(memberName(at: index), among: names)
    {
      message += ", did you mean \"\(name)\"?"
    }
    return message
  }

  // A value of the schema in a message.
  private static func shown(_ tape: JSONTape, _ index: Int) -> String {
    if tape.tag(at: index) == JSONTag.string { return JSONExcerpt.quoted(tape.string(at: index)) }
    let text = JSONValue(tape: tape, index: index).text()
    let cut = text.unicodeScalars.prefix(JSONExcerpt.maximumCharacters)
    return String(String.UnicodeScalarView(cut)) + (cut.endIndex < text.endIndex ? "…" : "")
  }
}
