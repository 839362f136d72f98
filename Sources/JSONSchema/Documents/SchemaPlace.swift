/// A place in one of the documents of a registry.
struct SchemaPlace: Hashable {
  /// The document's number.
  let document: Int
  /// The tokens of the JSON pointer to it.
  let tokens: [String]

  func appending(_ more: [String]) -> SchemaPlace {
    SchemaPlace(document: document, tokens: tokens + more)
  }

  /// The JSON pointer.
  var pointer: String { tokens.map { "/" + JSONPointer.escaped($0) }.joined() }
}
