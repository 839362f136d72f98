/// A value of a parsed document: a view, without a copy.
///
/// Valid only inside the closure that received the document.
public struct JSONValue {
  package let tape: JSONTape
  package let index: Int

  package init(tape: JSONTape, index: Int) {
    self.tape = tape
    self.index = index
  }

  /// What a value is.
  public enum Kind: Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case boolean
    /// A number written without fraction and exponent that fits 64 bits with a sign.
    case integer
    /// Such a number above `Int64.max` that fits 64 bits without a sign.
    case unsignedInteger
    /// Any other number.
    case double
    /// A string.
    case string
    /// An array.
    case array
    /// An object.
    case object
  }

  /// What this value is.
  public var kind: Kind {
    switch tape.tag(at: index) {
    case JSONTag.object: .object
    case JSONTag.array: .array
    case JSONTag.string: .string
    case JSONTag.integer: .integer
    case JSONTag.unsigned: .unsignedInteger
    case JSONTag.double, JSONTag.largeInteger: .double
    case JSONTag.isTrue, JSONTag.isFalse: .boolean
    default: .null
    }
  }

  /// Whether this is `null`.
  public var isNull: Bool { kind == .null }

  /// The truth value; nil for anything else.
  public var boolean: Bool? {
    switch tape.tag(at: index) {
    case JSONTag.isTrue: true
    case JSONTag.isFalse: false
    default: nil
    }
  }

  /// The integer where it fits; nil for anything else, also for 1.0.
  public var integer: Int64? {
    tape.tag(at: index) == JSONTag.integer ? tape.integer(at: index) : nil
  }

  /// The integer where it is not negative; nil for anything else, also for 1.0.
  public var unsignedInteger: UInt64? {
    switch tape.tag(at: index) {
    case JSONTag.unsigned: tape.unsigned(at: index)
    case JSONTag.integer: UInt64(exactly: tape.integer(at: index))
    default: nil
    }
  }

  /// Any number, rounded to the nearest double; nil for anything else.
  public var double: Double? {
    switch tape.tag(at: index) {
    case JSONTag.double, JSONTag.largeInteger: tape.double(at: index)
    case JSONTag.integer: Double(tape.integer(at: index))
    case JSONTag.unsigned: Double(tape.unsigned(at: index))
    default: nil
    }
  }

  /// A copy of the string; nil for anything else.
  public var string: String? { utf8?.description }

  /// The bytes of the string; nil for anything else.
  public var utf8: JSONString? {
    tape.tag(at: index) == JSONTag.string ? JSONString(bytes: tape.string(at: index)) : nil
  }

  /// The elements of the array; nil for anything else.
  public var elements: JSONElements? {
    tape.tag(at: index) == JSONTag.array ? JSONElements(tape: tape, index: index) : nil
  }

  /// The members of the object; nil for anything else.
  public var members: JSONMembers? {
    tape.tag(at: index) == JSONTag.object ? JSONMembers(tape: tape, index: index) : nil
  }

  /// The member of that name; nil where there is none, and where this is no object.
  public subscript(key: String) -> JSONValue? {
    var key = key
    return key.withUTF8 { member($0) }
  }

  /// The member of that name; nil where there is none, and where this is no object.
  public subscript(key: StaticString) -> JSONValue? {
    guard key.hasPointerRepresentation else { return self[key.description] }
    return member(UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
  }

  private func member(_ name: UnsafeBufferPointer<UInt8>) -> JSONValue? {
    guard tape.tag(at: index) == JSONTag.object else { return nil }
    let end = tape.closingIndex(at: index)
    var position = index + 1
    while position < end {
      if tape.string(at: position).isEqual(to: name) { return JSONValue(tape: tape, index: position + 1) }
      position = tape.index(after: position + 1)
    }
    return nil
  }
}
