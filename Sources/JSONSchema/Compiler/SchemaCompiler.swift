/// Compiles schemas into a program: every schema that can be reached, each once.
struct SchemaCompiler {
  var builder = ProgramBuilder()
  var registry: SchemaRegistry
  let formats: FormatPolicy
  private var compiled: [SchemaPlace: Int32] = [:]
  private var places: [SchemaPlace] = []
  /// For each schema those that judge the same value, to find references that go in circles.
  private var inPlace: [[Int32]] = []
  private var depth = 0

  // Far beyond what people write, and well inside a thread's stack.
  private static let maximumDepth = 400
  private static let maximumWay = 24

  init(registry: SchemaRegistry, formats: FormatPolicy) {
    self.registry = registry
    self.formats = formats
  }

  /// Compiles the root schema of a document.
  ///
  /// - Throws: ``SchemaError`` for anything wrong in a schema that can be reached.
  static func compile(
    _ text: [UInt8], formats: FormatPolicy, documents: [String: [UInt8]], draft: SchemaDraft
  ) throws -> ProgramStorage {
    let registry = try SchemaRegistry(root: text, documents: documents, draft: draft)
    var compiler = SchemaCompiler(registry: registry, formats: formats)
    let root = try compiler.schema(at: SchemaPlace(document: 0, tokens: []))
    try compiler.refuseCircles()
    return ProgramStorage(compiler.builder, root: root)
  }

  /// The index of the schema at a place, compiling it where that has not happened.
  mutating func schema(at place: SchemaPlace) throws -> Int32 {
    if let known = compiled[place] { return known }
    depth += 1
    defer { depth -= 1 }
    if depth > Self.maximumDepth {
      throw registry.error(place, "schemas lie too deep in one another")
    }
    let index = Int32(builder.nodes.count)
    builder.nodes.append(Node())
    compiled[place] = index
    places.append(place)
    inPlace.append([])
    let node = try compile(place, index: index)
    builder.nodes[Int(index)] = node
    return index
  }

  /// Adds a schema that stands at no place of its own.
  mutating func addSchema(_ node: Node) -> Int32 {
    builder.nodes.append(node)
    inPlace.append([])
    places.append(SchemaPlace(document: 0, tokens: []))
    return Int32(builder.nodes.count - 1)
  }

  /// The index of a schema below a place.
  mutating func schema(_ place: SchemaPlace, _ tokens: String...) throws -> Int32 {
    try schema(at: place.appending(tokens))
  }

  /// Notes that a schema is applied to the very value that another one judges.
  mutating func noteInPlace(_ schema: Int32, of index: Int32) {
    inPlace[Int(index)].append(schema)
  }

  private mutating func compile(_ place: SchemaPlace, index: Int32) throws -> Node {
    let draft = registry.draft(of: place)
    var node = Node()
    node.acceptsIntegralFractions = draft == .draft6
    guard let object = try registry.value(at: place).object else {
      if draft == .draft6, case .boolean(let allows) = try registry.value(at: place) {
        node.isNever = !allows
        return node
      }
      throw registry.error(
        place,
        "a schema is asked, which is an object"
          + (draft == .draft6 ? " or a boolean" : ""))
    }
    if let reference = object["$ref"] {
      guard let address = reference.string else {
        throw registry.error(place.appending(["$ref"]), "\"$ref\" must be a string")
      }
      let target = try registry.resolve(address, from: place)
      node.reference = try schema(at: target)
      noteInPlace(node.reference, of: index)
      return node
    }
    let scope = SchemaScope(place: place, object: object, draft: draft, index: index)
    try checkAnnotations(scope)
    try compileTypes(scope, &node)
    try compileStrings(scope, &node)
    node.number = try compileNumbers(scope)
    node.array = try compileArrays(scope)
    node.object = try compileObjects(scope)
    node.combination = try compileCombinations(scope)
    try compileDefinitions(scope)
    return node
  }

  // What only describes must still be what the drafts say.
  private func checkAnnotations(_ scope: SchemaScope) throws {
    for keyword in ["title", "description", "$schema", scope.draft.identifierKeyword] {
      if let value = scope.object[keyword] { _ = try expectString(value, scope, keyword) }
    }
    if scope.draft != .draft4, let value = scope.object["examples"] {
      guard case .array = value else {
        throw wrong(
          scope, "examples", "\"examples\" must be an array, and is \(value.kindName)")
      }
    }
  }

  // Definitions that nothing refers to must be right too.
  private mutating func compileDefinitions(_ scope: SchemaScope) throws {
    guard let value = scope.object["definitions"] else { return }
    let object = try expectObject(value, scope, "definitions")
    for member in object.members {
      _ = try schema(scope.place, "definitions", member.name)
    }
  }

  // A schema that comes back to itself on the same value would never end, and a long way from schema
  // to schema on one value takes as much stack at each level of a document.
  private func refuseCircles() throws {
    // The longest way from each schema; nil while it is not known.
    var lengths = [Int?](repeating: nil, count: inPlace.count)
    var isOnWay = [Bool](repeating: false, count: inPlace.count)
    for start in inPlace.indices where lengths[start] == nil {
      var way: [(schema: Int, next: Int)] = [(start, 0)]
      isOnWay[start] = true
      while let (schema, next) = way.last {
        if next < inPlace[schema].count {
          way[way.count - 1].next += 1
          let target = Int(inPlace[schema][next])
          if isOnWay[target] {
            throw registry.error(
              places[schema], "this schema leads back to itself without an end")
          }
          if lengths[target] == nil {
            isOnWay[target] = true
            way.append((target, 0))
          }
          continue
        }
        let length = 1 + (inPlace[schema].compactMap { lengths[Int($0)] }.max() ?? 0)
        if length > Self.maximumWay {
          throw registry.error(
            places[schema],
            "more than \(Self.maximumWay) schemas apply to one value through one another")
        }
        lengths[schema] = length
        isOnWay[schema] = false
        way.removeLast()
      }
    }
  }
}

/// The schema that is being compiled.
struct SchemaScope {
  let place: SchemaPlace
  let object: SchemaObject
  let draft: SchemaDraft
  /// Its index in the program.
  let index: Int32
}
