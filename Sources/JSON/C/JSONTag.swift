/// The tags in the top byte of a tape's words.
@frozen
package enum JSONTag {
  @inlinable package static var object: UInt8 { 0x7B }  // {
  @inlinable package static var array: UInt8 { 0x5B }  // [
  @inlinable package static var string: UInt8 { 0x22 }  // "
  @inlinable package static var integer: UInt8 { 0x6C }  // l
  @inlinable package static var unsigned: UInt8 { 0x75 }  // u
  @inlinable package static var double: UInt8 { 0x64 }  // d
  @inlinable package static var isTrue: UInt8 { 0x74 }  // t
  @inlinable package static var isFalse: UInt8 { 0x66 }  // f
  @inlinable package static var null: UInt8 { 0x6E }  // n

  /// An integer beyond 64 bits, kept as a double. simdjson never writes it: a parser that was
  /// asked to round such numbers does.
  @inlinable package static var largeInteger: UInt8 { 0x44 }  // D
}
