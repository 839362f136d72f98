/// The schemas that describe schemas, which others may refer to.
enum Metaschema {
  /// The text at an address without a fragment; nil where it is no draft's own schema.
  static func text(at address: String) -> [UInt8]? {
    switch SchemaDraft(address: address) {
    case .draft4: Array(draft4.utf8)
    case .draft6: Array(draft6.utf8)
    case nil: nil
    }
  }
}
