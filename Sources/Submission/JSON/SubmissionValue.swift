/// A JSON value as it is submitted.
///
/// Numbers keep their digits, so that what is read from a file is sent as it was; the order of an object's members, which
/// means nothing in JSON, is not kept: they are written sorted by name.
public enum SubmissionValue: Sendable, Hashable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number, by its text in JSON.
  case number(String)
  /// A text.
  case string(String)
  /// A list.
  case array([SubmissionValue])
  /// An object.
  case object([String: SubmissionValue])

  /// A whole number.
  public static func integer(_ number: some BinaryInteger) -> Self { .number("\(number)") }

  /// The member called `name`; nil where there is none, or where this is no object. Setting a member of what is no object
  /// makes it one.
  public subscript(_ name: String) -> SubmissionValue? {
    get { if case .object(let members) = self { members[name] } else { nil } }
    set {
      var members: [String: SubmissionValue] = [:]
      if case .object(let present) = self { members = present }
      // Without it, the object would be copied for every member.
      self = .null
      members[name] = newValue
      self = .object(members)
    }
  }

  /// The text; nil for anything else.
  public var string: String? { if case .string(let text) = self { text } else { nil } }

  /// The elements; nil for anything else.
  public var array: [SubmissionValue]? { if case .array(let elements) = self { elements } else { nil } }

  /// The whole number, which may also stand in a text, as Treeherder's clients send times; nil for anything else.
  public var integer: Int64? {
    switch self {
    case .number(let text), .string(let text): Int64(text)
    default: nil
    }
  }

  /// What counts as no value in a submission: `null`, `false`, 0, and what is empty.
  var isEmpty: Bool {
    switch self {
    case .null: true
    case .bool(let value): !value
    case .number(let text): Double(text) == 0
    case .string(let text): text.isEmpty
    case .array(let elements): elements.isEmpty
    case .object(let members): members.isEmpty
    }
  }

  /// What it is, for an error.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

extension SubmissionValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// `null`.
  public init(nilLiteral: ()) { self = .null }
  /// `true` or `false`.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A whole number.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A list.
  public init(arrayLiteral elements: SubmissionValue...) { self = .array(elements) }
  /// An object; of members with the same name the last one counts.
  public init(dictionaryLiteral elements: (String, SubmissionValue)...) {
    self = .object(Dictionary(elements) { $1 })
  }
}
