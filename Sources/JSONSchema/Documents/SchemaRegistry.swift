/// The documents that schemas may refer to, and the addresses inside them.
struct SchemaRegistry {
  private struct Document {
    let address: String
    let value: SchemaValue
    let draft: SchemaDraft
  }

  private var documents: [Document] = []
  // Addresses without a fragment, and with one where it is a name.
  private var addresses: [String: SchemaPlace] = [:]
  private var texts: [String: [UInt8]]

  /// - Throws: ``SchemaError`` where the text is no schema, or names a draft that is not known.
  init(root: [UInt8], documents: [String: [UInt8]], draft: SchemaDraft) throws {
    texts = [:]
    for (address, text) in documents { texts[URIReference.withoutFragment(address)] = text }
    try add(root, address: "", inherited: draft)
  }

  // MARK: Reading

  /// The draft of the document of a place.
  func draft(of place: SchemaPlace) -> SchemaDraft { documents[place.document].draft }

  /// The value at a place.
  func value(at place: SchemaPlace) throws -> SchemaValue {
    var value = documents[place.document].value
    for token in place.tokens {
      guard let next = Self.child(of: value, token) else {
        throw error(place, "there is nothing here")
      }
      value = next
    }
    return value
  }

  /// An error for a place.
  func error(_ place: SchemaPlace, _ message: String) -> SchemaError {
    let address = documents[place.document].address
    return SchemaError(
      pointer: place.pointer, document: place.document == 0 ? nil : address,
      message: message)
  }

  /// Where a reference leads.
  ///
  /// - Throws: ``SchemaError`` where it leads nowhere.
  mutating func resolve(_ reference: String, from place: SchemaPlace) throws -> SchemaPlace {
    let source = place.appending(["$ref"])
    let absolute = URIReference.resolve(reference, against: base(of: place))
    let (address, fragment) = URIReference.splitFragment(absolute)
    guard let target = try document(at: address, from: source) else {
      throw error(source, "\"\(reference)\" leads to no document that is known")
    }
    guard let fragment, !fragment.isEmpty else { return target }
    guard let decoded = URIReference.percentDecoded(fragment) else {
      throw error(source, "\"\(reference)\" is no address")
    }
    if decoded.hasPrefix("/") {
      guard let tokens = JSONPointer.tokens(decoded) else {
        throw error(source, "\"\(reference)\" has a wrong JSON pointer")
      }
      let found = target.appending(tokens)
      guard (try? value(at: found)) != nil else {
        throw error(source, "\"\(reference)\" leads to nothing")
      }
      return found
    }
    guard let named = addresses[address + "#" + decoded] else {
      throw error(source, "\"\(reference)\" leads to no schema of that name")
    }
    return named
  }

  // MARK: Addresses

  private mutating func document(
    at address: String, from source: SchemaPlace
  ) throws -> SchemaPlace? {
    if let known = addresses[address] { return known }
    guard let text = texts[address] ?? Metaschema.text(at: address) else { return nil }
    try add(text, address: address, inherited: documents[source.document].draft)
    return addresses[address]
  }

  private mutating func add(
    _ text: [UInt8], address: String, inherited: SchemaDraft
  ) throws {
    let name = address.isEmpty ? nil : address
    let value = try SchemaReader.read(text, document: name)
    var draft = inherited
    if let declared = value.object?["$schema"] {
      guard let text = declared.string, let known = SchemaDraft(address: text) else {
        let shown = declared.string.map { "\"\($0)\"" } ?? declared.kindName
        throw SchemaError(
          pointer: "/$schema", document: name,
          message: "\(shown) is no draft that is known: draft-04 and draft-06 are")
      }
      draft = known
    }
    let place = SchemaPlace(document: documents.count, tokens: [])
    documents.append(Document(address: address, value: value, draft: draft))
    addresses[address] = place
    collect(value, place, base: address, position: .schema)
  }

  // What a value is, so that members that only look like an identifier are not taken for one.
  private enum Position {
    case schema
    case schemas
    case schemaOrList
    case other

    static func below(_ position: Position, _ token: String) -> Position {
      switch position {
      case .schemas, .schemaOrList: return .schema
      case .other: return .other
      case .schema:
        switch token {
        case "properties", "patternProperties", "definitions", "dependencies", "allOf",
          "anyOf", "oneOf":
          return .schemas
        case "items": return .schemaOrList
        case "additionalItems", "additionalProperties", "contains", "propertyNames", "not":
          return .schema
        default: return .other
        }
      }
    }
  }

  // Notes the identifiers of a schema and of those below it.
  private mutating func collect(
    _ value: SchemaValue, _ place: SchemaPlace, base: String, position: Position
  ) {
    var base = base
    switch value {
    case .object(let object):
      let isSchema = position == .schema || position == .schemaOrList
      if isSchema, object["$ref"]?.string != nil { return }
      if isSchema, let identifier = identifier(of: object, in: place.document) {
        let absolute = URIReference.resolve(identifier, against: base)
        let (address, fragment) = URIReference.splitFragment(absolute)
        if let fragment, !fragment.isEmpty {
          addresses[address + "#" + fragment] = place
        } else if addresses[address] == nil {
          addresses[address] = place
        }
        if !identifier.hasPrefix("#") { base = address }
      }
      for member in object.members {
        let below =
          isSchema
          ? Position.below(.schema, member.name) : Position.below(position, member.name)
        collect(member.value, place.appending([member.name]), base: base, position: below)
      }
    case .array(let elements) where position == .schemas || position == .schemaOrList:
      for (index, element) in elements.enumerated() {
        collect(element, place.appending(["\(index)"]), base: base, position: .schema)
      }
    default: break
    }
  }

  /// The address that references at a place are relative to.
  private func base(of place: SchemaPlace) -> String {
    var base = documents[place.document].address
    var value = documents[place.document].value
    var position = Position.schema
    var remaining = place.tokens[...]
    while true {
      if position == .schema || position == .schemaOrList, let object = value.object,
        object["$ref"]?.string == nil,
        let identifier = identifier(of: object, in: place.document)
      {
        let absolute = URIReference.resolve(identifier, against: base)
        if !identifier.hasPrefix("#") { base = URIReference.withoutFragment(absolute) }
      }
      guard let token = remaining.popFirst(), let next = Self.child(of: value, token) else {
        return base
      }
      if case .array = value {
        position = position == .other ? .other : .schema
      } else {
        position = Position.below(position == .schemaOrList ? .schema : position, token)
      }
      value = next
    }
  }

  private func identifier(of object: SchemaObject, in document: Int) -> String? {
    object[documents[document].draft.identifierKeyword]?.string
  }

  private static func child(of value: SchemaValue, _ token: String) -> SchemaValue? {
    switch value {
    case .object(let object): return object[token]
    case .array(let elements):
      let isIndex = token == "0" || !token.hasPrefix("0")
      guard isIndex, token.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        let index = Int(token), elements.indices.contains(index)
      else { return nil }
      return elements[index]
    default: return nil
    }
  }
}
