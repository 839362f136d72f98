@_spi(Tape) import JSON

/// A hash table of names in the program's table of name entries.
struct NameTable {
  /// Its first entry.
  var start: Int32
  /// The number of entries, a power of two, less one.
  var mask: Int32
}

/// A place in a hash table of names.
struct NameEntry {
  /// The first eight bytes, with zeros behind a shorter name.
  var first: UInt64 = 0
  /// The last eight bytes.
  var last: UInt64 = 0
  var offset: Int32 = 0
  /// Below zero where the place is free.
  var count: Int32 = -1
  /// The schema that `properties` has for it.
  var schema: Int32 = -1
  /// The place among the names as the schema has them.
  var order: Int16 = 0
  var isProperty = false
  var isRequired = false

  /// Where a name's search begins, before the mask.
  @inline(__always)
  static func hash(first: UInt64, last: UInt64, count: Int) -> Int {
    let mixed = (first ^ (last &* 0xC2B2_AE3D_27D4_EB4F) ^ UInt64(truncatingIfNeeded: count))
    return Int(truncatingIfNeeded: (mixed &* 0x9E37_79B9_7F4A_7C15) &>> 40)
  }
}
