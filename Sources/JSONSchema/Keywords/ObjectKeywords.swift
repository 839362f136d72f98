@_spi(Tape) import JSON

extension SchemaCompiler {
  /// Compiles `properties`, `patternProperties`, `additionalProperties`, `propertyNames`,
  /// `required`, `minProperties`, `maxProperties` and `dependencies`.
  mutating func compileObjects(_ scope: SchemaScope) throws -> Int32 {
    let keywords = [
      "properties", "patternProperties", "additionalProperties", "propertyNames", "required",
      "minProperties", "maxProperties", "dependencies",
    ]
    guard keywords.contains(where: { scope.object[$0] != nil }) else { return -1 }
    var rule = ObjectRule()
    rule.minProperties = try count(scope, "minProperties") ?? 0
    rule.maxProperties = try count(scope, "maxProperties") ?? .max
    try compileNames(scope, &rule)
    if let value = scope.object["patternProperties"] {
      var pairs: [Int32] = []
      for member in try expectObject(value, scope, "patternProperties").members {
        let place = scope.place.appending(["patternProperties", member.name])
        pairs.append(try pattern(member.name, place))
        pairs.append(try schema(at: place))
      }
      rule.patterns = builder.addList(pairs)
    }
    rule.additional = try additionalSchema(scope, "additionalProperties")
    if scope.draft != .draft4, scope.object["propertyNames"] != nil {
      rule.propertyNames = try schema(scope.place, "propertyNames")
    }
    rule.dependencies = try compileDependencies(scope)
    builder.objects.append(rule)
    return Int32(builder.objects.count - 1)
  }

  private mutating func compileNames(_ scope: SchemaScope, _ rule: inout ObjectRule) throws {
    var names: [ProgramBuilder.Name] = []
    var places: [[UInt8]: Int] = [:]
    if let value = scope.object["properties"] {
      rule.hasProperties = true
      for member in try expectObject(value, scope, "properties").members {
        places[Array(member.name.utf8)] = names.count
        names.append(
          ProgramBuilder.Name(
            text: member.name,
            schema: try schema(scope.place, "properties", member.name),
            isProperty: true))
      }
    }
    if let value = scope.object["required"] {
      let required = try expectNames(
        value, scope, "required", mayBeEmpty: scope.draft != .draft4)
      rule.requiredCount = Int32(required.count)
      for name in required {
        if let place = places[Array(name.utf8)] {
          names[place].isRequired = true
        } else {
          names.append(ProgramBuilder.Name(text: name, isRequired: true))
        }
      }
    }
    if !names.isEmpty { rule.names = builder.addNameTable(names) }
  }
}

extension Evaluator {
  /// Checks an object and its members.
  func checkObject(_ rule: Int32, at index: Int) -> Bool {
    let rule = program.objects + Int(rule)
    var isValid = checkMemberCount(rule, at: index)
    if !Report.collects, !isValid { return false }
    let end = tape.closingIndex(at: index)
    var key = index &+ 1
    var requiredCount: Int32 = 0
    while key < end {
      if !checkMember(rule, at: key, &requiredCount) {
        isValid = false
        if !Report.collects { return false }
      }
      key = tape.index(after: key &+ 1)
    }
    // No name occurs twice, so counting is enough.
    if requiredCount < rule.pointee.requiredCount {
      isValid = false
      if !Report.collects { return false }
      reportMissing(rule, at: index)
    }
    if !rule.pointee.dependencies.isEmpty, !checkDependencies(rule, at: index) {
      isValid = false
    }
    return isValid
  }

  @inline(__always)
  private func checkMember(
    _ rule: UnsafePointer<ObjectRule>, at key: Int, _ requiredCount: inout Int32
  ) -> Bool {
    let name = tape.string(at: key)
    var isValid = true
    var isCovered = false
    if rule.pointee.names >= 0, let entry = program.find(name, in: rule.pointee.names) {
      if entry.pointee.isRequired { requiredCount &+= 1 }
      if entry.pointee.isProperty {
        isCovered = true
        isValid = descend(
          entry.pointee.schema, at: key &+ 1,
          SchemaStep(.properties, name: name), .member(name))
        if !Report.collects, !isValid { return false }
      }
    }
    if !rule.pointee.patterns.isEmpty, !checkPatterns(rule, at: key, &isCovered) {
      isValid = false
      if !Report.collects { return false }
    }
    if !isCovered, rule.pointee.additional >= 0, !checkAdditional(rule, at: key) {
      isValid = false
      if !Report.collects { return false }
    }
    if rule.pointee.propertyNames >= 0, !checkName(rule.pointee.propertyNames, at: key) {
      isValid = false
    }
    return isValid
  }

  private func checkPatterns(
    _ rule: UnsafePointer<ObjectRule>, at key: Int, _ isCovered: inout Bool
  ) -> Bool {
    let name = tape.string(at: key)
    let pairs = rule.pointee.patterns
    let matcher = PatternMatcher(program: program)
    var isValid = true
    var place = Int(pairs.start)
    while place < Int(pairs.start + pairs.count) {
      let pattern = program.lists[place]
      if matcher.matches(pattern, name) {
        isCovered = true
        let isMatch = descend(
          program.lists[place + 1], at: key &+ 1,
          SchemaStep(
            .patternProperties,
            name: program.utf8(program.patterns[Int(pattern)].source)),
          .member(name))
        if !isMatch {
          isValid = false
          if !Report.collects { return false }
        }
      }
      place += 2
    }
    return isValid
  }

  private func checkAdditional(
    _ rule: UnsafePointer<ObjectRule>, at key: Int
  ) -> Bool {
    if program.nodes[Int(rule.pointee.additional)].isNever {
      return fail(.additionalProperties) { unknownMember(rule, at: key) }
    }
    return descend(
      rule.pointee.additional, at: key &+ 1, SchemaStep(.additionalProperties),
      .member(tape.string(at: key)))
  }

  private func checkName(_ schema: Int32, at key: Int) -> Bool {
    if !Report.collects { return evaluate(schema, at: key) }
    if matches(schema, at: key) { return true }
    return fail(.propertyNames) {
      "the name \(excerpt(at: key)) is not allowed: \(firstMessage(schema, at: key))"
    }
  }

  private func checkMemberCount(
    _ rule: UnsafePointer<ObjectRule>, at index: Int
  ) -> Bool {
    if rule.pointee.minProperties == 0, rule.pointee.maxProperties == .max { return true }
    let count = tape.count(at: index)
    if count < Int(rule.pointee.minProperties) {
      return fail(.minProperties) {
        "the object has \(counted(count, "member", "members")), "
          + asked("at least", rule.pointee.minProperties)
      }
    }
    if count > Int(rule.pointee.maxProperties) {
      return fail(.maxProperties) {
        "the object has \(counted(count, "member", "members")), "
          + asked("at most", rule.pointee.maxProperties)
      }
    }
    return true
  }
}
