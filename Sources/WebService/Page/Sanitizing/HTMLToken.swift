/// A piece of HTML as a browser would cut it.
enum HTMLToken: Equatable {
  /// What is between tags, as bytes of UTF-8; character references are still in it.
  case text(ArraySlice<UInt8>)
  /// A tag's name in lower case, and its attributes: names in lower case, values with their references resolved.
  case start(name: String, attributes: [Attribute], isSelfClosing: Bool)
  case end(name: String)

  struct Attribute: Equatable {
    let name: String
    let value: String
  }
}
