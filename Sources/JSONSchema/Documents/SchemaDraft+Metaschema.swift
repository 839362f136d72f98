extension SchemaDraft {
  /// The text of the draft's own schema at an address without a fragment; nil for any other address.
  static func metaschema(at address: String) -> [UInt8]? {
    nil
  }
}
