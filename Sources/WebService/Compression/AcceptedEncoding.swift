/// What a client says in `Accept-Encoding`.
enum AcceptedEncoding {
  /// Whether gzip is taken: named with a weight above 0, or covered by `*`.
  ///
  /// - Parameter values: the field's values, one for each time that it was sent.
  static func allowsGzip(_ values: some Sequence<String>) -> Bool {
    var allowsOthers = false
    for coding in values.lazy.flatMap({ $0.split(separator: ",") }) {
      let parts = coding.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
      guard let name = parts.first else { continue }
      let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
      switch name {
      case "gzip", "x-gzip": return weight > 0
      case "*": allowsOthers = weight > 0
      default: continue
      }
    }
    return allowsOthers
  }
}
