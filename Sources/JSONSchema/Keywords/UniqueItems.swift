@_spi(Tape) import JSON

/// Finds equal elements of an array.
enum UniqueItems {
  // Up to here each element is compared with each; beyond, those of the same hash.
  private static let pairwiseCount = 16

  /// The places of two equal elements of an array; nil where all are different.
  static func repeatedElements(_ tape: JSONTape, at index: Int) -> (Int, Int)? {
    let count = tape.count(at: index)
    if count < 2 { return nil }
    return count <= pairwiseCount
      ? repeatedByPairs(tape, at: index) : repeatedByHash(tape, at: index, count: count)
  }

  private static func repeatedByPairs(_ tape: JSONTape, at index: Int) -> (Int, Int)? {
    let end = tape.closingIndex(at: index)
    var (later, laterOrder) = (tape.index(after: index &+ 1), 1)
    while later < end {
      var (earlier, earlierOrder) = (index &+ 1, 0)
      while earlier < later {
        if TapeEquality.areEqual(tape, earlier, tape, later) {
          return (earlierOrder, laterOrder)
        }
        earlier = tape.index(after: earlier)
        earlierOrder &+= 1
      }
      later = tape.index(after: later)
      laterOrder &+= 1
    }
    return nil
  }

  private static func repeatedByHash(
    _ tape: JSONTape, at index: Int, count: Int
  ) -> (Int, Int)? {
    let end = tape.closingIndex(at: index)
    return withUnsafeTemporaryAllocation(of: HashedElement.self, capacity: count) { scratch in
      var hashed = scratch
      var used = 0
      var element = index &+ 1
      while element < end, used < count {
        hashed[used] = HashedElement(
          hash: TapeEquality.hash(tape, element), index: element, order: used)
        used &+= 1
        element = tape.index(after: element)
      }
      hashed.sort { ($0.hash, $0.order) < ($1.hash, $1.order) }
      for later in 1..<used {
        var earlier = later - 1
        while earlier >= 0, hashed[earlier].hash == hashed[later].hash {
          if TapeEquality.areEqual(
            tape, hashed[earlier].index, tape, hashed[later].index)
          {
            return (hashed[earlier].order, hashed[later].order)
          }
          earlier -= 1
        }
      }
      return nil
    }
  }
}

private struct HashedElement {
  var hash: Int
  var index: Int
  var order: Int
}
