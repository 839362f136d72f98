/// A key that signs; it shows itself nowhere: not in a description, a dump or a log.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  let bytes: [UInt8]

  /// The secret whose bytes are the text's UTF-8.
  public init(_ text: String) { bytes = Array(text.utf8) }

  /// Always the same sign.
  public var description: String { "…" }
  /// Always the same sign.
  public var debugDescription: String { description }
  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
