extension JSONTape {
  /// Gives the tag of integers beyond 64 bits to some of the tape's doubles.
  ///
  /// - Parameter orders: Their order among all numbers of the document, from 0.
  func markLargeIntegers(_ orders: Set<Int>) {
    // The tape is the parser's own buffer, which nobody else sees before this is done.
    let words = UnsafeMutablePointer(mutating: words)
    let end = Int(truncatingIfNeeded: payload(at: 0)) &- 1
    var index = Self.rootIndex
    var order = 0
    while index < end {
      switch tag(at: index) {
      case JSONTag.double:
        if orders.contains(order) { words[index] = UInt64(JSONTag.largeInteger) << 56 }
        order += 1
        index += 2
      case JSONTag.integer, JSONTag.unsigned:
        order += 1
        index += 2
      default: index += 1
      }
    }
  }
}
