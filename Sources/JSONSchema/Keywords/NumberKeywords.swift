@_spi(Tape) import JSON

extension SchemaCompiler {
  /// Compiles `minimum`, `maximum`, both exclusive limits and `multipleOf`.
  mutating func compileNumbers(_ scope: SchemaScope) throws -> Int32 {
    var rule = NumberRule()
    rule.minimum = try limit(scope, "minimum")
    rule.maximum = try limit(scope, "maximum")
    if scope.draft == .draft4 {
      rule.exclusiveIsFlag = true
      if try flag(scope, "exclusiveMinimum", beside: "minimum") {
        (rule.exclusiveMinimum, rule.minimum) = (rule.minimum, nil)
      }
      if try flag(scope, "exclusiveMaximum", beside: "maximum") {
        (rule.exclusiveMaximum, rule.maximum) = (rule.maximum, nil)
      }
    } else {
      rule.exclusiveMinimum = try limit(scope, "exclusiveMinimum")
      rule.exclusiveMaximum = try limit(scope, "exclusiveMaximum")
    }
    rule.multipleOf = try limit(scope, "multipleOf")
    if let divisor = rule.multipleOf, divisor.compared(to: ExactNumber(Int64(0))) <= 0 {
      throw wrong(
        scope, "multipleOf", "\"multipleOf\" must be above 0, and is \(divisor.text)")
    }
    let hasAny = [
      rule.minimum, rule.maximum, rule.exclusiveMinimum, rule.exclusiveMaximum,
      rule.multipleOf,
    ].contains { $0 != nil }
    guard hasAny else { return -1 }
    builder.numbers.append(rule)
    return Int32(builder.numbers.count - 1)
  }

  private func limit(_ scope: SchemaScope, _ keyword: String) throws -> ExactNumber? {
    try scope.object[keyword].map { try expectNumber($0, scope, keyword) }
  }

  private func flag(
    _ scope: SchemaScope, _ keyword: String, beside limit: String
  ) throws -> Bool {
    guard let value = scope.object[keyword] else { return false }
    let flag = try expectBoolean(value, scope, keyword)
    if scope.object[limit] == nil {
      throw wrong(scope, keyword, "\"\(keyword)\" asks for \"\(limit)\" beside it")
    }
    return flag
  }
}

extension Evaluator {
  /// Checks a number's limits and divisor.
  func checkNumber(_ rule: Int32, at index: Int) -> Bool {
    let rule = program.numbers + Int(rule)
    let value = ExactNumber(tape, at: index)
    var isValid = true
    if let limit = rule.pointee.minimum, value.compared(to: limit) < 0 {
      isValid = fail(.minimum) {
        "\(excerpt(at: index)) is too small, at least \(limit.text) is asked"
      }
    }
    if let limit = rule.pointee.maximum, value.compared(to: limit) > 0 {
      isValid = fail(.maximum) {
        "\(excerpt(at: index)) is too large, at most \(limit.text) is asked"
      }
    }
    if let limit = rule.pointee.exclusiveMinimum, value.compared(to: limit) <= 0 {
      isValid = fail(rule.pointee.exclusiveIsFlag ? .minimum : .exclusiveMinimum) {
        "\(excerpt(at: index)) is too small, more than \(limit.text) is asked"
      }
    }
    if let limit = rule.pointee.exclusiveMaximum, value.compared(to: limit) >= 0 {
      isValid = fail(rule.pointee.exclusiveIsFlag ? .maximum : .exclusiveMaximum) {
        "\(excerpt(at: index)) is too large, less than \(limit.text) is asked"
      }
    }
    if let divisor = rule.pointee.multipleOf, !value.isMultiple(of: divisor) {
      isValid = fail(.multipleOf) {
        "\(excerpt(at: index)) is no multiple of \(divisor.text)"
      }
    }
    return isValid
  }
}
