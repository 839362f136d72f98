@_spi(Tape) import JSON

extension SchemaCompiler {
  /// Compiles `dependencies`.
  mutating func compileDependencies(_ scope: SchemaScope) throws -> ListRange {
    guard let value = scope.object["dependencies"] else { return ListRange() }
    var rules: [Int32] = []
    for member in try expectObject(value, scope, "dependencies").members {
      var rule = DependencyRule(name: builder.addName(member.name))
      if case .array = member.value {
        let names = try expectNames(
          member.value, scope, "dependencies", mayBeEmpty: scope.draft != .draft4)
        rule.names = builder.addNames(names)
      } else {
        rule.schema = try schema(scope.place, "dependencies", member.name)
        noteInPlace(rule.schema, of: scope.index)
      }
      builder.dependencies.append(rule)
      rules.append(Int32(builder.dependencies.count - 1))
    }
    return builder.addList(rules)
  }
}

extension Evaluator {
  /// Checks what the members of an object ask for beside them.
  func checkDependencies(_ rule: UnsafePointer<ObjectRule>, at index: Int) -> Bool {
    let list = rule.pointee.dependencies
    var isValid = true
    for place in Int(list.start)..<Int(list.start + list.count) {
      let dependency = program.dependencies + Int(program.lists[place])
      guard hasMember(dependency.pointee.name, at: index) else { continue }
      if !checkDependency(dependency, at: index) {
        isValid = false
        if !Report.collects { return false }
      }
    }
    return isValid
  }

  private func checkDependency(
    _ dependency: UnsafePointer<DependencyRule>, at index: Int
  ) -> Bool {
    if dependency.pointee.schema >= 0 {
      return descend(
        dependency.pointee.schema, at: index,
        SchemaStep(.dependencies, name: program.utf8(dependency.pointee.name)))
    }
    let names = dependency.pointee.names
    var isValid = true
    for place in Int(names.start)..<Int(names.start + names.count) {
      let name = program.names[place]
      if hasMember(name, at: index) { continue }
      isValid = fail(.dependencies) {
        "\"\(program.string(name))\" is missing, which "
          + "\"\(program.string(dependency.pointee.name))\" asks for"
      }
      if !Report.collects { return false }
    }
    return isValid
  }

  private func hasMember(_ name: NameReference, at index: Int) -> Bool {
    let wanted = program.utf8(name)
    let end = tape.closingIndex(at: index)
    var key = index &+ 1
    while key < end {
      let found = tape.string(at: key)
      if found.count == wanted.count, found.elementsEqual(wanted) { return true }
      key = tape.index(after: key &+ 1)
    }
    return false
  }
}
