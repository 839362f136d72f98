@_spi(Tape) import JSON

extension SchemaCompiler {
  /// Compiles `enum`, `const`, `allOf`, `anyOf`, `oneOf` and `not`.
  mutating func compileCombinations(_ scope: SchemaScope) throws -> Int32 {
    var rule = CombinationRule()
    var hasAny = try compileConstants(scope, &rule)
    if let value = scope.object["allOf"] {
      rule.allOf = try inPlaceSchemas(value, scope, "allOf")
      hasAny = true
    }
    if let value = scope.object["anyOf"] {
      rule.anyOf = try inPlaceSchemas(value, scope, "anyOf")
      hasAny = true
    }
    if let value = scope.object["oneOf"] {
      rule.oneOf = try inPlaceSchemas(value, scope, "oneOf")
      hasAny = true
    }
    if scope.object["not"] != nil {
      rule.not = try schema(scope.place, "not")
      noteInPlace(rule.not, of: scope.index)
      hasAny = true
    }
    guard hasAny else { return -1 }
    builder.combinations.append(rule)
    return Int32(builder.combinations.count - 1)
  }

  private mutating func inPlaceSchemas(
    _ value: SchemaValue, _ scope: SchemaScope, _ keyword: String
  ) throws -> ListRange {
    let schemas = try schemas(value, scope, keyword)
    for schema in schemas { noteInPlace(schema, of: scope.index) }
    return builder.addList(schemas)
  }
}

extension Evaluator {
  /// Checks what is asked of values of any type.
  func checkCombination(_ rule: Int32, at index: Int) -> Bool {
    let rule = program.combinations + Int(rule)
    var isValid = checkConstants(rule, at: index)
    if !Report.collects, !isValid { return false }
    if !rule.pointee.allOf.isEmpty, !checkAll(rule.pointee.allOf, at: index) {
      isValid = false
      if !Report.collects { return false }
    }
    if !rule.pointee.anyOf.isEmpty, !checkAny(rule.pointee.anyOf, at: index) {
      isValid = false
      if !Report.collects { return false }
    }
    if !rule.pointee.oneOf.isEmpty, !checkOne(rule.pointee.oneOf, at: index) {
      isValid = false
      if !Report.collects { return false }
    }
    if rule.pointee.not >= 0, matches(rule.pointee.not, at: index) {
      isValid = fail(.not) { "\(excerpt(at: index)) matches what \"not\" forbids" }
    }
    return isValid
  }

  private func checkAll(_ list: ListRange, at index: Int) -> Bool {
    var isValid = true
    for order in 0..<Int(list.count) {
      let schema = program.lists[Int(list.start) &+ order]
      if !descend(schema, at: index, SchemaStep(.allOf, index: order)) {
        isValid = false
        if !Report.collects { return false }
      }
    }
    return isValid
  }

  private func checkAny(_ list: ListRange, at index: Int) -> Bool {
    for order in 0..<Int(list.count)
    where matches(program.lists[Int(list.start) &+ order], at: index) { return true }
    return failBranches(.anyOf, list, at: index)
  }

  private func checkOne(_ list: ListRange, at index: Int) -> Bool {
    var first = -1
    for order in 0..<Int(list.count)
    where matches(program.lists[Int(list.start) &+ order], at: index) {
      if first >= 0 {
        return fail(.oneOf) {
          "\(excerpt(at: index)) matches both branch \(first) and branch \(order), "
            + "exactly one is asked"
        }
      }
      first = order
    }
    return first >= 0 || failBranches(.oneOf, list, at: index)
  }
}
