/// simdjson's result: a tape of 64-bit words and the bytes of all strings.
///
/// A word carries a tag in its top byte and a payload below it. `{` and `[` carry the index after
/// their closing word and a count of members; a string its offset in the string bytes; an integer
/// or a double takes a second word. The root value begins at index 1.
@_spi(Tape) @frozen
public struct JSONTape {
  @usableFromInline let words: UnsafePointer<UInt64>
  @usableFromInline let strings: UnsafePointer<UInt8>

  /// A tape over memory that outlives every value made from it.
  @inlinable
  public init(words: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>) {
    self.words = words
    self.strings = strings
  }

  /// Where the root value begins.
  @inlinable
  public static var rootIndex: Int { 1 }

  /// The tag of the value at an index.
  @inlinable @inline(__always)
  public func tag(at index: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: words[index] &>> 56)
  }

  /// What the word at an index carries below its tag.
  @inlinable @inline(__always)
  public func payload(at index: Int) -> UInt64 {
    words[index] & 0x00FF_FFFF_FFFF_FFFF
  }

  /// The index of the closing word of the array or object at an index.
  @inlinable @inline(__always)
  public func closingIndex(at index: Int) -> Int {
    Int(truncatingIfNeeded: words[index] & 0xFFFF_FFFF) &- 1
  }

  /// The index after the value at an index.
  @inlinable @inline(__always)
  public func index(after index: Int) -> Int {
    let word = words[index]
    switch UInt8(truncatingIfNeeded: word &>> 56) {
    case JSONTag.object, JSONTag.array:
      return Int(truncatingIfNeeded: word & 0xFFFF_FFFF)
    case JSONTag.integer, JSONTag.unsigned, JSONTag.double, JSONTag.largeInteger:
      return index &+ 2
    default:
      return index &+ 1
    }
  }

  /// How many elements or members the array or object at an index has.
  @inlinable
  public func count(at index: Int) -> Int {
    let stored = Int(truncatingIfNeeded: (words[index] &>> 32) & 0xFF_FFFF)
    return stored < 0xFF_FFFF ? stored : countByWalking(at: index)
  }

  // The 24 bits of the tape's own count stick at their largest value.
  @usableFromInline
  func countByWalking(at index: Int) -> Int {
    let keyWords = tag(at: index) == JSONTag.object ? 1 : 0
    let end = closingIndex(at: index)
    var position = index + 1
    var count = 0
    while position < end {
      position = self.index(after: position + keyWords)
      count += 1
    }
    return count
  }

  /// The integer at an index that has its tag.
  @inlinable @inline(__always)
  public func integer(at index: Int) -> Int64 { Int64(bitPattern: words[index &+ 1]) }

  /// The integer without a sign at an index that has its tag.
  @inlinable @inline(__always)
  public func unsigned(at index: Int) -> UInt64 { words[index &+ 1] }

  /// The double at an index that has its tag.
  @inlinable @inline(__always)
  public func double(at index: Int) -> Double { Double(bitPattern: words[index &+ 1]) }

  /// The bytes of the string at an index, without the NUL behind them.
  ///
  /// At least eight more bytes can be read behind them.
  @inlinable @inline(__always)
  public func string(at index: Int) -> UnsafeBufferPointer<UInt8> {
    let start = strings + Int(truncatingIfNeeded: words[index] & 0x00FF_FFFF_FFFF_FFFF)
    let length = UnsafeRawPointer(start).loadUnaligned(as: UInt32.self)
    return UnsafeBufferPointer(start: start + 4, count: Int(truncatingIfNeeded: length))
  }
}
