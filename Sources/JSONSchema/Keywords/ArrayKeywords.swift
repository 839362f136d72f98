@_spi(Tape) import JSON

extension SchemaCompiler {
  /// Compiles `items`, `additionalItems`, `contains`, `minItems`, `maxItems` and `uniqueItems`.
  mutating func compileArrays(_ scope: SchemaScope) throws -> Int32 {
    let keywords = [
      "items", "additionalItems", "contains", "minItems", "maxItems", "uniqueItems",
    ]
    guard keywords.contains(where: { scope.object[$0] != nil }) else { return -1 }
    var rule = ArrayRule()
    rule.minItems = try count(scope, "minItems") ?? 0
    rule.maxItems = try count(scope, "maxItems") ?? .max
    if let value = scope.object["uniqueItems"] {
      rule.isUnique = try expectBoolean(value, scope, "uniqueItems")
    }
    if scope.draft != .draft4, scope.object["contains"] != nil {
      rule.contains = try schema(scope.place, "contains")
    }
    // Without a list of schemas nothing is additional, but what stands there must be right.
    let additional = try additionalSchema(scope, "additionalItems")
    if case .array(let elements) = scope.object["items"] {
      if elements.isEmpty {
        throw wrong(scope, "items", "\"items\" must have at least one schema")
      }
      let schemas = try elements.indices.map { try schema(scope.place, "items", "\($0)") }
      rule.tuple = builder.addList(schemas)
      rule.additional = additional
    } else if scope.object["items"] != nil {
      rule.items = try schema(scope.place, "items")
    }
    builder.arrays.append(rule)
    return Int32(builder.arrays.count - 1)
  }

  /// Compiles a schema for what others do not cover, which draft-04 lets be a boolean too; below
  /// zero where it allows everything.
  mutating func additionalSchema(_ scope: SchemaScope, _ keyword: String) throws -> Int32 {
    guard let value = scope.object[keyword] else { return -1 }
    guard case .boolean(let allows) = value else { return try schema(scope.place, keyword) }
    if allows { return -1 }
    var never = Node()
    never.isNever = true
    return addSchema(never)
  }
}

extension Evaluator {
  /// Checks an array and its elements.
  func checkArray(_ rule: Int32, at index: Int) -> Bool {
    let rule = program.arrays + Int(rule)
    var isValid = checkItemCount(rule, at: index)
    if !Report.collects, !isValid { return false }
    if rule.pointee.items >= 0 || !rule.pointee.tuple.isEmpty || rule.pointee.additional >= 0 {
      if !checkElements(rule, at: index) { isValid = false }
      if !Report.collects, !isValid { return false }
    }
    if rule.pointee.isUnique, let pair = UniqueItems.repeatedElements(tape, at: index) {
      isValid = fail(.uniqueItems) {
        "the elements \(pair.0) and \(pair.1) are equal, all must be different"
      }
      if !Report.collects { return false }
    }
    if rule.pointee.contains >= 0, !containsMatch(rule.pointee.contains, at: index) {
      isValid = fail(.contains) { "no element matches what \"contains\" asks" }
    }
    return isValid
  }

  private func checkItemCount(_ rule: UnsafePointer<ArrayRule>, at index: Int) -> Bool {
    if rule.pointee.minItems == 0, rule.pointee.maxItems == .max { return true }
    let count = tape.count(at: index)
    if count < Int(rule.pointee.minItems) {
      return fail(.minItems) {
        "the array has \(counted(count, "element", "elements")), "
          + asked("at least", rule.pointee.minItems)
      }
    }
    if count > Int(rule.pointee.maxItems) {
      return fail(.maxItems) {
        "the array has \(counted(count, "element", "elements")), "
          + asked("at most", rule.pointee.maxItems)
      }
    }
    return true
  }

  private func checkElements(_ rule: UnsafePointer<ArrayRule>, at index: Int) -> Bool {
    let end = tape.closingIndex(at: index)
    let tuple = rule.pointee.tuple
    var isValid = true
    var element = index &+ 1
    var order = 0
    while element < end {
      let isMatch: Bool
      if rule.pointee.items >= 0 {
        isMatch = descend(
          rule.pointee.items, at: element, SchemaStep(.items), .element(order))
      } else if order < Int(tuple.count) {
        isMatch = descend(
          program.lists[Int(tuple.start) &+ order], at: element,
          SchemaStep(.items, index: order), .element(order))
      } else if rule.pointee.additional >= 0 {
        isMatch = checkAdditional(
          rule.pointee.additional, at: element, order, Int(tuple.count))
      } else {
        break
      }
      if !isMatch {
        isValid = false
        if !Report.collects { return false }
      }
      element = tape.index(after: element)
      order &+= 1
    }
    return isValid
  }

  private func checkAdditional(
    _ schema: Int32, at index: Int, _ order: Int, _ allowed: Int
  ) -> Bool {
    if program.nodes[Int(schema)].isNever {
      return fail(.additionalItems) {
        "element \(order) is one too many, \(allowed) "
          + "\(allowed == 1 ? "is" : "are") allowed"
      }
    }
    return descend(schema, at: index, SchemaStep(.additionalItems), .element(order))
  }

  private func containsMatch(_ schema: Int32, at index: Int) -> Bool {
    let end = tape.closingIndex(at: index)
    var element = index &+ 1
    while element < end {
      if matches(schema, at: element) { return true }
      element = tape.index(after: element)
    }
    return false
  }
}
