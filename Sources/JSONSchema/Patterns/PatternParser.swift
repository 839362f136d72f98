/// Reads regular expressions as ECMA-262 has them with the flag `u`, so that characters are code points.
///
/// More is accepted in two places, where people write it and the meaning is plain: punctuation behind a
/// needless backslash, and braces and closing brackets that stand for themselves.
struct PatternParser {
  private let scalars: [UInt32]
  private var position = 0
  private var depth = 0
  private(set) var captureCount = 0
  private var captureNames: [String: Int] = [:]
  // What a backreference means is known only once all groups are.
  private var numberedReferences: [Int] = []
  private let declaredNames: [String: Int]

  private static let maximumDepth = 128

  init(_ text: String) {
    scalars = text.unicodeScalars.map(\.value)
    declaredNames = Self.groupNames(in: scalars)
  }

  /// - Throws: ``PatternError`` where the text is no regular expression.
  mutating func parse() throws(PatternError) -> PatternNode {
    let node = try parseAlternatives()
    if position < scalars.count { throw PatternError(message: "a \")\" has no \"(\"") }
    if let wrong = numberedReferences.first(where: { $0 > captureCount }) {
      throw PatternError(message: "there is no group \(wrong) for \"\\\(wrong)\"")
    }
    return node
  }

  private mutating func parseAlternatives() throws(PatternError) -> PatternNode {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.maximumDepth { throw PatternError(message: "groups are nested too deep") }
    var alternatives = [try parseSequence()]
    while take("|") { alternatives.append(try parseSequence()) }
    return alternatives.count == 1 ? alternatives[0] : .alternatives(alternatives)
  }

  private mutating func parseSequence() throws(PatternError) -> PatternNode {
    var nodes: [PatternNode] = []
    while let scalar = peek, scalar != "|", scalar != ")" {
      let (node, canRepeat) = try parseTerm()
      nodes.append(try parseRepetition(of: node, canRepeat: canRepeat))
    }
    return nodes.count == 1 ? nodes[0] : .sequence(nodes)
  }

  private mutating func parseTerm() throws(PatternError) -> (PatternNode, canRepeat: Bool) {
    guard let scalar = advance() else { throw PatternError(message: "it ends too early") }
    switch scalar {
    case "^": return (.start, false)
    case "$": return (.end, false)
    case ".": return (.set(ScalarSet.lineTerminators.inverted), true)
    case "(": return try parseGroup()
    case "[": return (.set(try parseClass()), true)
    case "\\": return try parseEscape()
    case "*", "+", "?": throw PatternError(message: "\"\(scalar)\" has nothing to repeat")
    case "{":
      if quantifier(at: position - 1) != nil {
        throw PatternError(message: "\"{\" has nothing to repeat")
      }
      return (.set(ScalarSet(scalar.value)), true)
    default: return (.set(ScalarSet(scalar.value)), true)
    }
  }

  private mutating func parseGroup() throws(PatternError) -> (PatternNode, canRepeat: Bool) {
    var isCapture = false
    var look: (isBehind: Bool, isNegated: Bool)?
    if take("?") {
      if take(":") {
      } else if take("=") {
        look = (false, false)
      } else if take("!") {
        look = (false, true)
      } else if take("<") {
        if take("=") {
          look = (true, false)
        } else if take("!") {
          look = (true, true)
        } else {
          isCapture = true
          let name = try parseGroupName()
          if captureNames[name] != nil {
            throw PatternError(message: "two groups are named \"\(name)\"")
          }
          captureNames[name] = captureCount + 1
        }
      } else {
        throw PatternError(message: "\"(?\" begins no kind of group that exists")
      }
    } else {
      isCapture = true
    }
    if isCapture { captureCount += 1 }
    let index = captureCount
    let node = try parseAlternatives()
    guard take(")") else { throw PatternError(message: "a \"(\" is never closed") }
    if let look {
      return (.look(node, isBehind: look.isBehind, isNegated: look.isNegated), false)
    }
    return (isCapture ? .capture(node, index: index) : node, true)
  }

  private mutating func parseGroupName() throws(PatternError) -> String {
    var name = ""
    while let scalar = advance() {
      if scalar == ">" {
        if name.isEmpty { throw PatternError(message: "a group's name is empty") }
        return name
      }
      let isNamePart = name.isEmpty ? scalar.properties.isIDStart : scalar.properties.isIDContinue
      guard isNamePart || scalar == "$" || scalar == "_" else {
        throw PatternError(message: "\"\(scalar)\" cannot be in a group's name")
      }
      name.unicodeScalars.append(scalar)
    }
    throw PatternError(message: "a group's name is never closed")
  }

  // MARK: Repetition

  private mutating func parseRepetition(
    of node: PatternNode, canRepeat: Bool
  ) throws(PatternError) -> PatternNode {
    let bounds: (minimum: Int, maximum: Int?)
    switch peek {
    case "*": bounds = (0, nil)
    case "+": bounds = (1, nil)
    case "?": bounds = (0, 1)
    case "{":
      guard let found = quantifier(at: position) else { return node }
      bounds = (found.minimum, found.maximum)
      position = found.end - 1
    default: return node
    }
    position += 1
    if !canRepeat { throw PatternError(message: "an assertion cannot be repeated") }
    if let maximum = bounds.maximum, maximum < bounds.minimum {
      throw PatternError(message: "the numbers of a repetition are in the wrong order")
    }
    let isGreedy = !take("?")
    return .repetition(
      node, minimum: bounds.minimum, maximum: bounds.maximum, isGreedy: isGreedy)
  }

  // A counted repetition that begins at a place; nil where the brace stands for itself.
  private func quantifier(at start: Int) -> (minimum: Int, maximum: Int?, end: Int)? {
    var index = start + 1
    func number() -> Int? {
      var value: Int?
      while index < scalars.count, (0x30...0x39).contains(scalars[index]) {
        value = min((value ?? 0) * 10 + Int(scalars[index] - 0x30), 1 << 30)
        index += 1
      }
      return value
    }
    guard let minimum = number(), index < scalars.count else { return nil }
    var maximum: Int? = minimum
    if scalars[index] == 0x2C {
      index += 1
      maximum = number()
    }
    guard index < scalars.count, scalars[index] == 0x7D else { return nil }
    return (minimum, maximum, index + 1)
  }

  // MARK: Escapes

  private mutating func parseEscape() throws(PatternError) -> (PatternNode, canRepeat: Bool) {
    guard let scalar = peek else { throw PatternError(message: "it ends with a backslash") }
    switch scalar {
    case "b", "B":
      position += 1
      return (.wordBoundary(isNegated: scalar == "B"), false)
    case "1"..."9":
      var number = 0
      while let digit = peek, ("0"..."9").contains(digit) {
        number = min(number * 10 + Int(digit.value - 0x30), 1 << 30)
        position += 1
      }
      numberedReferences.append(number)
      return (.backreference(number), true)
    case "k":
      position += 1
      guard take("<") else { throw PatternError(message: "\"\\k\" asks for a group's name") }
      let name = try parseGroupName()
      guard let index = declaredNames[name] else {
        throw PatternError(message: "there is no group named \"\(name)\"")
      }
      return (.backreference(index), true)
    default:
      return (.set(try parseCharacterEscape(inClass: false)), true)
    }
  }

  /// An escape that stands for characters, from behind its backslash.
  mutating func parseCharacterEscape(inClass: Bool) throws(PatternError) -> ScalarSet {
    guard let scalar = advance() else {
      throw PatternError(message: "it ends with a backslash")
    }
    switch scalar {
    case "d": return .digits
    case "D": return ScalarSet.digits.inverted
    case "w": return .wordCharacters
    case "W": return ScalarSet.wordCharacters.inverted
    case "s": return .spaces
    case "S": return ScalarSet.spaces.inverted
    case "t": return ScalarSet(0x09)
    case "n": return ScalarSet(0x0A)
    case "v": return ScalarSet(0x0B)
    case "f": return ScalarSet(0x0C)
    case "r": return ScalarSet(0x0D)
    case "b" where inClass: return ScalarSet(0x08)
    case "0":
      if let next = peek, ("0"..."9").contains(next) {
        throw PatternError(message: "\"\\0\" cannot be followed by a digit")
      }
      return ScalarSet(0)
    case "c":
      guard let letter = advance(), letter.isASCII, letter.properties.isAlphabetic else {
        throw PatternError(message: "\"\\c\" asks for a letter")
      }
      return ScalarSet(letter.value & 31)
    case "x": return ScalarSet(try parseHexadecimal(digits: 2))
    case "u": return ScalarSet(try parseUnicodeEscape())
    case "p", "P": return try parseProperty(isNegated: scalar == "P")
    default:
      let isPunctuation = scalar.isASCII && !Self.isWord(scalar)
      guard isPunctuation || scalar == "_" else {
        throw PatternError(message: "\"\\\(scalar)\" is no escape of ECMA-262")
      }
      return ScalarSet(scalar.value)
    }
  }

  private mutating func parseUnicodeEscape() throws(PatternError) -> UInt32 {
    if take("{") {
      var value: UInt32 = 0
      var count = 0
      while let digit = peek.flatMap({ Character($0).hexDigitValue }) {
        value = value << 4 | UInt32(digit)
        if value > ScalarSet.largest {
          throw PatternError(message: "\"\\u{…}\" is beyond Unicode")
        }
        count += 1
        position += 1
      }
      guard count > 0, take("}") else {
        throw PatternError(message: "\"\\u{\" asks for hexadecimal digits and \"}\"")
      }
      return value
    }
    let first = try parseHexadecimal(digits: 4)
    let start = position
    if (0xD800...0xDBFF).contains(first), take("\\"), take("u"), peek != "{",
      let second = try? parseHexadecimal(digits: 4), (0xDC00...0xDFFF).contains(second)
    {
      return 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
    }
    position = (0xD800...0xDBFF).contains(first) ? start : position
    return first
  }

  private mutating func parseHexadecimal(digits: Int) throws(PatternError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let digit = advance().flatMap({ Character($0).hexDigitValue }) else {
        throw PatternError(message: "an escape asks for \(digits) hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  private mutating func parseProperty(isNegated: Bool) throws(PatternError) -> ScalarSet {
    var name = ""
    guard take("{") else { throw PatternError(message: "\"\\p\" asks for a name in braces") }
    while let scalar = advance(), scalar != "}" { name.unicodeScalars.append(scalar) }
    guard let set = UnicodeProperty.set(named: name) else {
      throw PatternError(message: "the Unicode property \"\(name)\" is not known")
    }
    return isNegated ? set.inverted : set
  }

  // MARK: Reading

  /// The scalar at the position; nil at the end.
  var peek: Unicode.Scalar? {
    position < scalars.count ? Unicode.Scalar(scalars[position]) : nil
  }

  /// The scalar at the position, stepping behind it.
  mutating func advance() -> Unicode.Scalar? {
    let scalar = peek
    if scalar != nil { position += 1 }
    return scalar
  }

  /// Steps behind the scalar at the position where it is this one.
  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek == scalar else { return false }
    position += 1
    return true
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    ScalarSet.wordCharacters.contains(scalar.value)
  }

  // The names of all groups, so that a reference may come before its group.
  private static func groupNames(in scalars: [UInt32]) -> [String: Int] {
    var names: [String: Int] = [:]
    var count = 0
    var isInClass = false
    var index = 0
    while index < scalars.count {
      let rest = scalars[index...]
      switch scalars[index] {
      case 0x5C: index += 1
      case 0x5B: isInClass = true
      case 0x5D: isInClass = false
      case 0x28 where !isInClass:
        let isNamed =
          rest.starts(with: [0x28, 0x3F, 0x3C]) && rest.count > 3
          && ![0x3D, 0x21].contains(rest[index + 3])
        if isNamed {
          count += 1
          let name = rest.dropFirst(3).prefix { $0 != 0x3E }
          names[String(String.UnicodeScalarView(name.compactMap(Unicode.Scalar.init)))] =
            count
        } else if !rest.dropFirst().starts(with: [0x3F]) {
          count += 1
        }
      default: break
      }
      index += 1
    }
    return names
  }
}
