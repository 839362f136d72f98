@_spi(Tape) import JSON

extension SchemaCompiler {
  /// Compiles `minLength`, `maxLength`, `pattern` and `format`.
  mutating func compileStrings(_ scope: SchemaScope, _ node: inout Node) throws {
    node.minLength = try count(scope, "minLength") ?? 0
    node.maxLength = try count(scope, "maxLength") ?? .max
    if let value = scope.object["pattern"] {
      let text = try expectString(value, scope, "pattern")
      node.pattern = try pattern(text, scope.place.appending(["pattern"]))
    }
    if let value = scope.object["format"] {
      let name = try expectString(value, scope, "format")
      if formats == .assert { node.format = Format(name: name) ?? .none }
    }
  }

  /// Compiles a regular expression.
  mutating func pattern(_ text: String, _ place: SchemaPlace) throws -> Int32 {
    do throws(PatternError) {
      return try PatternCompiler.compile(text, into: &builder)
    } catch {
      throw registry.error(
        place, "\"\(text)\" is no regular expression: \(error.message)")
    }
  }
}

extension Evaluator {
  /// Checks a string's length, pattern and format.
  @inline(__always)
  func checkString(_ node: UnsafePointer<Node>, at index: Int) -> Bool {
    let string = tape.string(at: index)
    var isValid = checkLength(node, string, at: index)
    if !Report.collects, !isValid { return false }
    if node.pointee.pattern >= 0,
      !PatternMatcher(program: program).matches(node.pointee.pattern, string)
    {
      let source = program.patterns[Int(node.pointee.pattern)].source
      isValid = fail(.pattern) {
        let text = program.string(source)
        return PatternMatcher(program: program).givesUp(node.pointee.pattern, string)
          ? "it takes too long to match \(excerpt(at: index)) with the pattern \(text)"
          : "\(excerpt(at: index)) does not match the pattern \(text)"
      }
    }
    if !Report.collects, !isValid { return false }
    if node.pointee.format != .none, !node.pointee.format.matches(string) {
      isValid = fail(.format) {
        "\(excerpt(at: index)) is not \(node.pointee.format.description)"
      }
    }
    return isValid
  }

  @inline(__always)
  private func checkLength(
    _ node: UnsafePointer<Node>, _ string: UnsafeBufferPointer<UInt8>, at index: Int
  ) -> Bool {
    let minimum = Int(node.pointee.minLength)
    let maximum = Int(node.pointee.maxLength)
    // A character takes one to four bytes: most lengths are settled without counting.
    if string.count <= maximum, (string.count &+ 3) &>> 2 >= minimum { return true }
    let count = Self.countCharacters(string)
    if count < minimum {
      return fail(.minLength) {
        "\(excerpt(at: index)) has \(counted(count, "character", "characters")), "
          + asked("at least", node.pointee.minLength)
      }
    }
    if count > maximum {
      return fail(.maxLength) {
        "\(excerpt(at: index)) has \(counted(count, "character", "characters")), "
          + asked("at most", node.pointee.maxLength)
      }
    }
    return true
  }

  private static func countCharacters(_ string: UnsafeBufferPointer<UInt8>) -> Int {
    var count = 0
    for byte in string where byte & 0xC0 != 0x80 { count &+= 1 }
    return count
  }
}
