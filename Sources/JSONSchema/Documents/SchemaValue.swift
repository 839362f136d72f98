/// A value of a schema's text, JSON or YAML alike.
enum SchemaValue: Sendable {
  case null
  case boolean(Bool)
  case number(ExactNumber)
  case string(String)
  case array([SchemaValue])
  case object(SchemaObject)

  var object: SchemaObject? {
    if case .object(let object) = self { object } else { nil }
  }

  var string: String? {
    if case .string(let string) = self { string } else { nil }
  }

  /// What this is, for a message: "a string".
  var kindName: String {
    switch self {
    case .null: "null"
    case .boolean(let value): value ? "true" : "false"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// The members of an object in a schema's text, in their order.
struct SchemaObject: Sendable {
  private(set) var members: [(name: String, value: SchemaValue)] = []
  private var positions: [String: Int] = [:]

  subscript(name: String) -> SchemaValue? {
    positions[name].map { members[$0].value }
  }

  /// Adds a member; false where there is one of that name.
  mutating func add(_ name: String, _ value: SchemaValue) -> Bool {
    if positions[name] != nil { return false }
    positions[name] = members.count
    members.append((name, value))
    return true
  }
}
