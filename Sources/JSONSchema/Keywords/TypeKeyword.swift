@_spi(Tape) import JSON

extension SchemaCompiler {
  /// Compiles `type`.
  func compileTypes(_ scope: SchemaScope, _ node: inout Node) throws {
    guard let value = scope.object["type"] else { return }
    let names: [String]
    if let name = value.string {
      names = [name]
    } else {
      guard case .array = value else {
        throw wrong(
          scope, "type",
          "\"type\" must be the name of a type or several, and is \(value.kindName)")
      }
      names = try expectNames(value, scope, "type", mayBeEmpty: false)
    }
    var types: TypeSet = []
    for name in names {
      guard let type = TypeSet(name: name) else {
        throw wrong(scope, "type", "there is no type \"\(name)\"")
      }
      types.formUnion(type)
    }
    node.types = types
  }
}

extension Evaluator {
  /// Whether the value at an index is of a type that a schema allows.
  @inline(__always)
  func hasType(_ node: UnsafePointer<Node>, at index: Int) -> Bool {
    let types = node.pointee.types
    switch tape.tag(at: index) {
    case JSONTag.string: return types.contains(.string)
    case JSONTag.object: return types.contains(.object)
    case JSONTag.array: return types.contains(.array)
    case JSONTag.integer, JSONTag.unsigned, JSONTag.largeInteger:
      return types.contains(.integer)
    case JSONTag.double:
      if types.contains(.fraction) { return true }
      guard types.contains(.integer), node.pointee.acceptsIntegralFractions else {
        return false
      }
      let value = tape.double(at: index)
      return value.rounded(.towardZero) == value
    case JSONTag.null: return types.contains(.null)
    default: return types.contains(.boolean)
    }
  }
}
