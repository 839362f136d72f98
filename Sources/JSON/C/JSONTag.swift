/// The tags in the top byte of a tape's words: the first character of what they stand for.
@_spi(Tape) @frozen
public enum JSONTag {
  /// `{`
  @inlinable public static var object: UInt8 { 0x7B }
  /// `[`
  @inlinable public static var array: UInt8 { 0x5B }
  /// `"`
  @inlinable public static var string: UInt8 { 0x22 }
  /// `l`, an integer of 64 bits with a sign.
  @inlinable public static var integer: UInt8 { 0x6C }
  /// `u`, an integer of 64 bits without a sign.
  @inlinable public static var unsigned: UInt8 { 0x75 }
  /// `d`
  @inlinable public static var double: UInt8 { 0x64 }
  /// `t`
  @inlinable public static var isTrue: UInt8 { 0x74 }
  /// `f`
  @inlinable public static var isFalse: UInt8 { 0x66 }
  /// `n`
  @inlinable public static var null: UInt8 { 0x6E }

  /// An integer beyond 64 bits, kept as a double. simdjson never writes it: a parser that was
  /// asked to round such numbers does.
  @inlinable public static var largeInteger: UInt8 { 0x44 }
}
