import HTTPTypes
import Hummingbird

/// The version of the interface that a client names in `Accept`, as `application/json; version=1.0`.
enum AcceptedVersion {
  private static let known: Set<Substring> = ["1.0", "1.1"]

  /// - Throws: ``WebError`` with status 406 for one that the server does not speak.
  static func check(_ request: Request) throws(WebError) {
    guard let accept = request.headers[.accept], accept.contains("version") else { return }
    for type in accept.split(separator: ",") {
      for parameter in type.split(separator: ";").dropFirst() {
        let parts = parameter.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, parts[0].trimmed == "version" else { continue }
        guard known.contains(parts[1].trimmed) else {
          throw WebError(.notAcceptable, .detail("Invalid version in \"Accept\" header."))
        }
      }
    }
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var text = self
    while let first = text.first, first == " " || first == "\"" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\"" { text.removeLast() }
    return text
  }
}
