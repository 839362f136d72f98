@_spi(Tape) import JSON
import Yams

extension SchemaReader {
  /// Reads YAML with the scalars of its JSON-like core schema: `yes` is a string.
  static func readYAML(_ text: [UInt8], document: String?) throws -> SchemaValue {
    guard let string = String(validating: text, as: UTF8.self) else {
      throw SchemaError(
        pointer: "", document: document, line: 1, message: "the text is not UTF-8")
    }
    // Yams descends by recursion, and so would run out of stack.
    guard nestingBound(of: text) <= maximumNesting else {
      throw SchemaError(
        pointer: "", document: document, line: 1,
        message: "the text is nested more than \(maximumNesting) deep")
    }
    var loader = YAMLLoader(document: document)
    do {
      guard let root = try Yams.compose(yaml: string, .default, .default, .utf8) else {
        throw SchemaError(
          pointer: "", document: document, line: 1, message: "there is no schema")
      }
      return try loader.value(root)
    } catch let error as YamlError {
      throw schemaError(error, document: document)
    }
  }

  private static let maximumNesting = 512

  // At least how deep a YAML text can be nested: every level costs a bracket that is open, or a
  // dash, a question mark or more indentation at the start of a line.
  private static func nestingBound(of text: [UInt8]) -> Int {
    var open = 0
    var deepest = 0
    for line in text.split(separator: 0x0A) {
      let start = line.prefix { $0 == 0x20 || $0 == 0x2D || $0 == 0x3F || $0 == 0x09 }.count
      deepest = max(deepest, open + start)
      for byte in line {
        if byte == 0x5B || byte == 0x7B { open += 1 }
        if byte == 0x5D || byte == 0x7D { open = max(0, open - 1) }
        deepest = max(deepest, open)
      }
    }
    return deepest
  }

  private static func schemaError(_ error: YamlError, document: String?) -> SchemaError {
    func make(_ message: String, _ mark: Mark?) -> SchemaError {
      SchemaError(
        pointer: "", document: document, line: mark?.line ?? 1, column: mark?.column,
        message: message)
    }
    return switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      make(problem, mark)
    case .duplicatedKeysInMapping(let names, let context):
      make(
        "the member \(names.first.map { "\"\($0)\" " } ?? "")occurs twice in this mapping",
        context.mark)
    case .reader(let problem, _, _, _): make(problem, nil)
    default: make("the text is no YAML", nil)
    }
  }
}

/// Turns YAML nodes into a schema's values.
private struct YAMLLoader {
  let document: String?
  // Aliases can make a small text enormous.
  private var remaining = 1_000_000

  init(document: String?) {
    self.document = document
  }

  mutating func value(_ node: Yams.Node) throws -> SchemaValue {
    remaining -= 1
    guard remaining > 0 else { throw error("the aliases make the schema too large", node) }
    switch node {
    case .scalar(let scalar): return Self.value(scalar)
    case .sequence(let sequence):
      return .array(try sequence.map { element in try value(element) })
    case .mapping(let mapping):
      var object = SchemaObject()
      for pair in mapping {
        guard let name = pair.key.scalar?.string else {
          throw error("a member's name must be a scalar", pair.key)
        }
        if !object.add(name, try value(pair.value)) {
          throw error("the member \"\(name)\" occurs twice in this mapping", pair.key)
        }
      }
      return .object(object)
    case .alias: throw error("an alias has no anchor", node)
    }
  }

  private func error(_ message: String, _ node: Yams.Node) -> SchemaError {
    SchemaError(
      pointer: "", document: document, line: node.mark?.line, column: node.mark?.column,
      message: message)
  }

  private static func value(_ scalar: Yams.Node.Scalar) -> SchemaValue {
    let text = scalar.string
    guard scalar.style == .plain || scalar.style == .any else { return .string(text) }
    if scalar.tag.description == "tag:yaml.org,2002:str" { return .string(text) }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .boolean(true)
    case "false", "False", "FALSE": return .boolean(false)
    default: return number(text).map(SchemaValue.number) ?? .string(text)
    }
  }

  private static func number(_ text: String) -> ExactNumber? {
    let bytes = Array(text.utf8)
    if text.hasPrefix("0x") || text.hasPrefix("0o") {
      let digits = text.dropFirst(2)
      guard digits.first != "-", digits.first != "+" else { return nil }
      return Int64(digits, radix: text.hasPrefix("0x") ? 16 : 8).map { ExactNumber($0) }
    }
    guard let first = bytes.first, bytes.contains(where: { (0x30...0x39).contains($0) }),
      (0x30...0x39).contains(first) || [0x2B, 0x2D, 0x2E].contains(first),
      bytes.allSatisfy({ (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) })
    else { return nil }
    if let integer = Int64(text) { return ExactNumber(integer) }
    if let integer = UInt64(text) { return ExactNumber(integer) }
    guard let double = Double(text), double.isFinite else { return nil }
    let isInteger = bytes.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    return ExactNumber(double, isWrittenAsInteger: isInteger)
  }
}
