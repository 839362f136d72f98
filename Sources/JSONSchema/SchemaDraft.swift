/// The editions of JSON Schema that are known.
public enum SchemaDraft: String, Sendable, CaseIterable {
  /// Draft-04, `http://json-schema.org/draft-04/schema#`.
  case draft4
  /// Draft-06, `http://json-schema.org/draft-06/schema#`.
  case draft6

  /// The draft of a `$schema`; nil where it is unknown.
  init?(address: String) {
    let trimmed = address.hasSuffix("#") ? String(address.dropLast()) : address
    switch trimmed {
    case "http://json-schema.org/draft-04/schema", "https://json-schema.org/draft-04/schema":
      self = .draft4
    case "http://json-schema.org/draft-06/schema", "https://json-schema.org/draft-06/schema":
      self = .draft6
    default: return nil
    }
  }

  /// The keyword that names a schema.
  var identifierKeyword: String { self == .draft4 ? "id" : "$id" }
}
