/// What keywords ask of their values, with errors that name the place.
extension SchemaCompiler {
  func wrong(_ scope: SchemaScope, _ keyword: String, _ message: String) -> SchemaError {
    registry.error(scope.place.appending([keyword]), message)
  }

  func expectObject(
    _ value: SchemaValue, _ scope: SchemaScope, _ keyword: String
  ) throws -> SchemaObject {
    guard let object = value.object else {
      throw wrong(scope, keyword, "\"\(keyword)\" must be an object, and is \(value.kindName)")
    }
    return object
  }

  func expectString(
    _ value: SchemaValue, _ scope: SchemaScope, _ keyword: String
  ) throws -> String {
    guard let string = value.string else {
      throw wrong(scope, keyword, "\"\(keyword)\" must be a string, and is \(value.kindName)")
    }
    return string
  }

  func expectNumber(
    _ value: SchemaValue, _ scope: SchemaScope, _ keyword: String
  ) throws -> ExactNumber {
    guard case .number(let number) = value else {
      throw wrong(scope, keyword, "\"\(keyword)\" must be a number, and is \(value.kindName)")
    }
    return number
  }

  func expectBoolean(
    _ value: SchemaValue, _ scope: SchemaScope, _ keyword: String
  ) throws -> Bool {
    guard case .boolean(let boolean) = value else {
      throw wrong(
        scope, keyword, "\"\(keyword)\" must be true or false, and is \(value.kindName)")
    }
    return boolean
  }

  /// A count of a keyword; nil where the schema does not have it.
  func count(_ scope: SchemaScope, _ keyword: String) throws -> UInt32? {
    guard let value = scope.object[keyword] else { return nil }
    let number = try expectNumber(value, scope, keyword)
    let isInteger = number.isWrittenAsInteger || scope.draft == .draft6 && number.isIntegral
    guard isInteger, number.compared(to: ExactNumber(Int64(0))) >= 0 else {
      throw wrong(
        scope, keyword, "\"\(keyword)\" must be an integer of at least 0, and is \(number.text)")
    }
    return UInt32(exactly: number.double) ?? .max
  }

  /// Different strings of a keyword's array.
  func expectNames(
    _ value: SchemaValue, _ scope: SchemaScope, _ keyword: String, mayBeEmpty: Bool
  ) throws -> [String] {
    guard case .array(let elements) = value else {
      throw wrong(
        scope, keyword, "\"\(keyword)\" must be an array of strings, and is \(value.kindName)")
    }
    if elements.isEmpty, !mayBeEmpty {
      throw wrong(scope, keyword, "\"\(keyword)\" must have at least one element")
    }
    var seen: Set<[UInt8]> = []
    var names: [String] = []
    for element in elements {
      guard let name = element.string else {
        throw wrong(scope, keyword, "\"\(keyword)\" must have strings only")
      }
      guard seen.insert(Array(name.utf8)).inserted else {
        throw wrong(scope, keyword, "\"\(keyword)\" names \"\(name)\" twice")
      }
      names.append(name)
    }
    return names
  }

  /// The schemas of a keyword's array, which must have one at least.
  mutating func schemas(
    _ value: SchemaValue, _ scope: SchemaScope, _ keyword: String
  ) throws -> [Int32] {
    guard case .array(let elements) = value, !elements.isEmpty else {
      throw wrong(
        scope, keyword, "\"\(keyword)\" must be an array with at least one schema")
    }
    return try elements.indices.map { try schema(scope.place, keyword, "\($0)") }
  }
}
