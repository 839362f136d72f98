/// The key that a job is published under, and bound by: `<destination>.<project>`.
public struct RoutingKey: Sendable, Hashable, CustomStringConvertible {
  /// AMQP's limit on a routing key (a short string), in bytes of UTF-8.
  public static let maximumBytes = 255

  /// The key's text.
  public let text: String

  /// - Throws: ``PulseError`` with code `invalidName` for a key over 255 bytes, and for one with an empty word, which
  ///   comes of a variable that is not set and which no binding waits for.
  public init(_ text: String) throws(PulseError) {
    guard !Self.hasEmptyWord(text) else {
      throw PulseError(
        .invalidName, "the routing key \"\(text.prefix(40))\" has an empty word: <destination>.<project> is asked")
    }
    guard text.utf8.count <= Self.maximumBytes else {
      throw PulseError(
        .invalidName,
        "the routing key \(text.prefix(40))… has \(text.utf8.count) bytes, at most \(Self.maximumBytes) are allowed")
    }
    self.text = text
  }

  private static func hasEmptyWord(_ text: String) -> Bool {
    // What comes ahead of the text ends a word as a dot does.
    var isBehindDot = true
    for byte in text.utf8 {
      let isDot = byte == UInt8(ascii: ".")
      if isDot && isBehindDot { return true }
      isBehindDot = isDot
    }
    return isBehindDot
  }

  /// The key of `project`'s jobs for `destination`.
  public init(destination: String, project: String) throws(PulseError) {
    try self.init("\(destination).\(project)")
  }

  /// The key's text.
  public var description: String { text }
}
