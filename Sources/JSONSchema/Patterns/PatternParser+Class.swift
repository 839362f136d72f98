extension PatternParser {
  /// A class in brackets, from behind the opening one.
  mutating func parseClass() throws(PatternError) -> ScalarSet {
    let isNegated = take("^")
    var ranges: [ScalarRange] = []
    while true {
      guard let scalar = peek else { throw PatternError(message: "a \"[\" is never closed") }
      if scalar == "]" { break }
      let lower = try parseClassAtom()
      guard peek == "-" else {
        ranges += lower.ranges
        continue
      }
      _ = take("-")
      if peek == "]" {
        ranges += lower.ranges + ScalarSet(0x2D).ranges
        continue
      }
      let upper = try parseClassAtom()
      guard let first = lower.single, let last = upper.single else {
        // With a class on either side the hyphen stands for itself.
        ranges += lower.ranges + upper.ranges + ScalarSet(0x2D).ranges
        continue
      }
      if first > last {
        throw PatternError(message: "a range in brackets is in the wrong order")
      }
      ranges.append(ScalarRange(lower: first, upper: last))
    }
    _ = take("]")
    let set = ScalarSet(ranges)
    return isNegated ? set.inverted : set
  }

  private mutating func parseClassAtom() throws(PatternError) -> ScalarSet {
    guard let scalar = advance() else {
      throw PatternError(message: "a \"[\" is never closed")
    }
    return scalar == "\\"
      ? try parseCharacterEscape(inClass: true) : ScalarSet(scalar.value)
  }
}

extension ScalarSet {
  /// The only member; nil where there are more or none.
  fileprivate var single: UInt32? {
    guard ranges.count == 1, ranges[0].lower == ranges[0].upper else { return nil }
    return ranges[0].lower
  }
}
