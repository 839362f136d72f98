@_spi(Tape) import JSON

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Compares values as JSON Schema does: numbers by value, objects without regard to order.
enum TapeEquality {
  /// Whether the values at an index of one tape and of another are equal.
  static func areEqual(
    _ left: JSONTape, _ leftIndex: Int, _ right: JSONTape, _ rightIndex: Int
  ) -> Bool {
    let leftTag = left.tag(at: leftIndex)
    let rightTag = right.tag(at: rightIndex)
    switch leftTag {
    case JSONTag.string:
      return rightTag == JSONTag.string
        && areEqual(left.string(at: leftIndex), right.string(at: rightIndex))
    case JSONTag.array:
      return rightTag == JSONTag.array
        && areEqualArrays(left, leftIndex, right, rightIndex)
    case JSONTag.object:
      return rightTag == JSONTag.object
        && areEqualObjects(left, leftIndex, right, rightIndex)
    default:
      if isNumber(leftTag) {
        return isNumber(rightTag)
          && ExactNumber(left, at: leftIndex) == ExactNumber(right, at: rightIndex)
      }
      return leftTag == rightTag
    }
  }

  /// A hash that is the same for equal values, and not to be foreseen from outside.
  static func hash(_ tape: JSONTape, _ index: Int) -> Int {
    var hasher = Hasher()
    combine(tape, index, &hasher)
    return hasher.finalize()
  }

  private static func combine(_ tape: JSONTape, _ index: Int, _ hasher: inout Hasher) {
    let tag = tape.tag(at: index)
    switch tag {
    case JSONTag.string:
      hasher.combine(bytes: UnsafeRawBufferPointer(tape.string(at: index)))
    case JSONTag.array:
      let end = tape.closingIndex(at: index)
      var element = index &+ 1
      while element < end {
        combine(tape, element, &hasher)
        element = tape.index(after: element)
      }
      hasher.combine(UInt8(1))
    case JSONTag.object:
      // The order does not matter, so the members' hashes are added up.
      let end = tape.closingIndex(at: index)
      var key = index &+ 1
      var sum = 0
      while key < end {
        var member = Hasher()
        combine(tape, key, &member)
        combine(tape, key &+ 1, &member)
        sum &+= member.finalize()
        key = tape.index(after: key &+ 1)
      }
      hasher.combine(sum)
    default:
      if isNumber(tag) {
        let value = ExactNumber(tape, at: index).double
        hasher.combine(value == 0 ? 0 : value)
      } else {
        hasher.combine(tag)
      }
    }
  }

  private static func isNumber(_ tag: UInt8) -> Bool {
    tag == JSONTag.integer || tag == JSONTag.unsigned || tag == JSONTag.double
      || tag == JSONTag.largeInteger
  }

  @inline(__always)
  private static func areEqual(
    _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard left.count == right.count, let leftStart = left.baseAddress,
      let rightStart = right.baseAddress
    else { return left.count == right.count }
    return memcmp(leftStart, rightStart, left.count) == 0
  }

  private static func areEqualArrays(
    _ left: JSONTape, _ leftIndex: Int, _ right: JSONTape, _ rightIndex: Int
  ) -> Bool {
    guard left.count(at: leftIndex) == right.count(at: rightIndex) else { return false }
    let end = left.closingIndex(at: leftIndex)
    var (one, other) = (leftIndex &+ 1, rightIndex &+ 1)
    while one < end {
      if !areEqual(left, one, right, other) { return false }
      one = left.index(after: one)
      other = right.index(after: other)
    }
    return true
  }

  private static func areEqualObjects(
    _ left: JSONTape, _ leftIndex: Int, _ right: JSONTape, _ rightIndex: Int
  ) -> Bool {
    guard left.count(at: leftIndex) == right.count(at: rightIndex) else { return false }
    let end = left.closingIndex(at: leftIndex)
    let rightEnd = right.closingIndex(at: rightIndex)
    var key = leftIndex &+ 1
    // Equal objects mostly have the same order, so each search begins where the last one ended.
    var candidate = rightIndex &+ 1
    while key < end {
      let first = candidate
      var isFound = false
      repeat {
        if candidate >= rightEnd { candidate = rightIndex &+ 1 }
        if candidate >= rightEnd { return false }
        isFound = areEqual(left.string(at: key), right.string(at: candidate))
        if isFound, !areEqual(left, key &+ 1, right, candidate &+ 1) { return false }
        candidate = right.index(after: candidate &+ 1)
      } while !isFound && candidate != first && !(candidate >= rightEnd && first == rightIndex &+ 1)
      if !isFound { return false }
      key = left.index(after: key &+ 1)
    }
    return true
  }
}
