import Glibc
import JSON
import PulseJob

/// Reads the properties of a submission; what is wrong with them is noted with its path, all of it.
struct PropertyReader {
  /// What is wrong, in the order of reading.
  private(set) var problems: [PropertyProblem] = []
  private var path: [Step] = []

  private enum Step: CustomStringConvertible {
    case key(StaticString)
    case index(Int)

    var description: String {
      switch self {
      case .key(let key): ".\(key)"
      case .index(let index): "[\(index)]"
      }
    }
  }

  /// How many problems are told: enough to see what is wrong, too few to fill the memory.
  private static let maximumProblems = 1_000

  /// Notes that something is wrong with a member, or with the value that is being read.
  mutating func fail(_ message: String, at key: StaticString? = nil) {
    guard problems.count < Self.maximumProblems else { return }
    let steps = path + (key.map { [.key($0)] } ?? [])
    let text = steps.map(\.description).joined()
    problems.append(PropertyProblem(path: text.hasPrefix(".") ? String(text.dropFirst()) : text, message: message))
  }

  // MARK: Nesting

  /// Reads every element of a list.
  mutating func each<T>(
    _ elements: JSONElements, _ read: (inout PropertyReader, JSONValue) throws -> T?
  ) rethrows -> [T] {
    var result: [T] = []
    for (index, element) in elements.enumerated() {
      path.append(.index(index))
      defer { path.removeLast() }
      guard element.kind == .object else {
        fail("is \(element.noun), an object is asked")
        continue
      }
      if let item = try read(&self, element) { result.append(item) }
    }
    return result
  }

  /// Reads a member that is a list of objects; none where it is not there.
  mutating func list<T>(
    _ key: StaticString, of value: JSONValue, isRequired: Bool = false,
    _ read: (inout PropertyReader, JSONValue) throws -> T?
  ) rethrows -> [T] {
    guard let member = member(key, of: value, isRequired: isRequired) else { return [] }
    guard let elements = member.elements else {
      fail("is \(member.noun), a list is asked", at: key)
      return []
    }
    return try within(key) { try $0.each(elements, read) }
  }

  /// Reads a member that is an object; nil where it is not there.
  mutating func object<T>(
    _ key: StaticString, of value: JSONValue, isRequired: Bool = false,
    _ read: (inout PropertyReader, JSONValue) throws -> T?
  ) rethrows -> T? {
    guard let member = member(key, of: value, isRequired: isRequired) else { return nil }
    guard member.kind == .object else {
      fail("is \(member.noun), an object is asked", at: key)
      return nil
    }
    return try within(key) { try read(&$0, member) }
  }

  /// Reads something whose problems are those of a member.
  mutating func within<T>(
    _ key: StaticString, _ read: (inout PropertyReader) throws -> T
  ) rethrows -> T {
    path.append(.key(key))
    defer { path.removeLast() }
    return try read(&self)
  }

  // MARK: Values

  /// A member that is there and not empty, as Python has it: what clients of Treeherder send where they know nothing.
  mutating func member(_ key: StaticString, of value: JSONValue, isRequired: Bool = false) -> JSONValue? {
    guard let member = value[key] else {
      if isRequired { fail("is missing", at: key) }
      return nil
    }
    guard !member.isNothing else {
      if isRequired { fail("is empty", at: key) }
      return nil
    }
    return member
  }

  /// A text that is not empty.
  ///
  /// - Parameter limit: how long it may be, in code points.
  mutating func text(
    _ key: StaticString, of value: JSONValue, limit: Int? = nil, isRequired: Bool = false
  ) -> String? {
    guard let member = member(key, of: value, isRequired: isRequired) else { return nil }
    guard member.utf8 != nil else {
      fail("is \(member.noun), a text is asked", at: key)
      return nil
    }
    return within(key) { $0.storable(member, limit: limit) }
  }

  /// The text of a value, as far as it can be stored.
  mutating func storable(_ value: JSONValue, limit: Int? = nil) -> String? {
    guard let utf8 = value.utf8 else { return nil }
    guard !utf8.containsNull else {
      fail("holds the character U+0000, which cannot be stored")
      return nil
    }
    let text = String(utf8)
    // Bytes are at least as many as code points.
    if let limit, utf8.count > limit, case let length = text.unicodeScalars.count, length > limit {
      fail("has \(length) characters, \(limit) are allowed")
      return nil
    }
    return text
  }

  /// A whole number, also one that is written as text.
  mutating func integer(_ key: StaticString, of value: JSONValue, in range: ClosedRange<Int>) -> Int? {
    guard let member = member(key, of: value) else { return nil }
    let number = member.number.flatMap { Int(exactly: $0) }
    guard let number, range.contains(number) else {
      fail("is no whole number from \(range.lowerBound) to \(range.upperBound)", at: key)
      return nil
    }
    return number
  }

  /// The first second of the year 10000: later ones are milliseconds, or no times.
  private static let maximumSeconds = 253_402_300_800.0

  /// Seconds since 1970-01-01 00:00:00 UTC, a number or text, in milliseconds. 0 is what clients send for no time.
  mutating func time(_ key: StaticString, of value: JSONValue) -> Int64? {
    guard let member = member(key, of: value) else { return nil }
    guard let seconds = member.number, seconds >= 0, seconds < Self.maximumSeconds else {
      fail("is no time: seconds since 1970 are asked", at: key)
      return nil
    }
    return seconds == 0 ? nil : Int64((seconds * 1_000).rounded())
  }
}

extension JSONValue {
  /// What Python takes for false.
  var isNothing: Bool {
    switch kind {
    case .null: true
    case .boolean: boolean == false
    case .string: utf8?.count == 0
    case .array: elements?.isEmpty ?? true
    case .object: members?.isEmpty ?? true
    case .integer, .unsignedInteger, .double: double == 0
    }
  }

  /// The value of a number, or of text that is one in decimal digits.
  var number: Double? {
    if let double { return double }
    guard let text = string, text.utf8.count <= 30,
      text.utf8.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") })
    else { return nil }
    return Double(text)
  }

  /// What this is, in words.
  var noun: String {
    switch kind {
    case .null: "null"
    case .boolean: "a truth value"
    case .integer, .unsignedInteger, .double: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

extension JSONString {
  var containsNull: Bool { bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false }
}
