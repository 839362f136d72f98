/// The tags in the top byte of a tape's words.
@_spi(Tape) @frozen
public enum JSONTag {
  @inlinable public static var object: UInt8 { 0x7B }  // {
  @inlinable public static var array: UInt8 { 0x5B }  // [
  @inlinable public static var string: UInt8 { 0x22 }  // "
  @inlinable public static var integer: UInt8 { 0x6C }  // l
  @inlinable public static var unsigned: UInt8 { 0x75 }  // u
  @inlinable public static var double: UInt8 { 0x64 }  // d
  @inlinable public static var isTrue: UInt8 { 0x74 }  // t
  @inlinable public static var isFalse: UInt8 { 0x66 }  // f
  @inlinable public static var null: UInt8 { 0x6E }  // n

  /// An integer beyond 64 bits, kept as a double. simdjson never writes it: a parser that was
  /// asked to round such numbers does.
  @inlinable public static var largeInteger: UInt8 { 0x44 }  // D
}
