/// Order as people count: `M2` ahead of `M10`, capital letters beside small ones.
enum NaturalOrder {
  static func isAscending(_ left: String, _ right: String) -> Bool {
    var (left, right) = (left, right)
    return left.withUTF8 { left in right.withUTF8 { right in compare(left, right) < 0 } }
  }

  private static func compare(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
    var (i, j) = (0, 0)
    while i < left.count, j < right.count {
      if isDigit(left[i]), isDigit(right[j]) {
        let (leftNumber, rightNumber) = (digits(left, from: &i), digits(right, from: &j))
        // Without leading zeros the longer one is the larger one.
        if leftNumber.count != rightNumber.count { return leftNumber.count - rightNumber.count }
        for (a, b) in zip(leftNumber, rightNumber) where a != b { return Int(a) - Int(b) }
      } else {
        let (a, b) = (folded(left[i]), folded(right[j]))
        if a != b { return Int(a) - Int(b) }
        i += 1
        j += 1
      }
    }
    if left.count - i != right.count - j { return (left.count - i) - (right.count - j) }
    // Equal but for capitals and zeros: any order that is always the same.
    for (a, b) in zip(left, right) where a != b { return Int(a) - Int(b) }
    return left.count - right.count
  }

  private static func digits(_ text: UnsafeBufferPointer<UInt8>, from index: inout Int) -> Slice<
    UnsafeBufferPointer<UInt8>
  > {
    while index < text.count, text[index] == UInt8(ascii: "0") { index += 1 }
    let start = index
    while index < text.count, isDigit(text[index]) { index += 1 }
    return text[start..<index]
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
  private static func folded(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte + 32 : byte }
}
