import Glibc

/// A view on the UTF-8 bytes of a string in a document, with its escapes resolved.
///
/// Valid only inside the closure that received the document. The bytes are valid UTF-8 and may
/// contain NUL.
public struct JSONString: CustomStringConvertible {
  /// The bytes.
  public let bytes: UnsafeBufferPointer<UInt8>

  @inlinable
  package init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// How many bytes there are.
  @inlinable
  public var count: Int { bytes.count }

  /// Hands the bytes to a closure.
  @inlinable
  public func withUTF8<R>(_ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
    try body(bytes)
  }

  /// The string as a value that outlives the document.
  public var description: String { String(decoding: bytes, as: UTF8.self) }

  /// Whether both have the same bytes; no Unicode normalization.
  public static func == (left: JSONString, right: JSONString) -> Bool {
    left.bytes.isEqual(to: right.bytes)
  }

  /// Whether both have the same bytes; no Unicode normalization.
  public static func == (left: JSONString, right: StaticString) -> Bool {
    guard right.hasPointerRepresentation else { return left.description == right.description }
    return left.bytes.isEqual(to: UnsafeBufferPointer(start: right.utf8Start, count: right.utf8CodeUnitCount))
  }

  /// Whether both have the same bytes; no Unicode normalization.
  @_disfavoredOverload
  public static func == (left: JSONString, right: String) -> Bool {
    var right = right
    return right.withUTF8 { left.bytes.isEqual(to: $0) }
  }
}

extension JSONString: Equatable {}

extension String {
  /// Copies a string out of a document.
  public init(_ string: JSONString) {
    self = string.description
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether both have the same bytes; the library's `elementsEqual` compares them one by one.
  func isEqual(to other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard count == other.count, let one = baseAddress, let two = other.baseAddress else { return count == other.count }
    return memcmp(one, two, count) == 0
  }
}
