/// Characters that no set of a pattern tells apart are one class.
struct ScalarClasses {
  /// How many classes there are.
  let count: Int
  /// A character of each class.
  let examples: [UInt32]
  /// Where the class changes: the first character, and the class from it on.
  let bounds: [ScalarClass]

  private static let maximumCount = 250

  /// The classes of a pattern's sets; nil where there are too many.
  init?(_ instructions: ArraySlice<PatternInstruction>, _ ranges: [ScalarRange]) {
    let sets = instructions.filter { $0.operation == .set }.map {
      ranges[Int($0.first)..<Int($0.first + $0.second)]
    }
    let distinct = Set(sets.map(ScalarRanges.init))
    var cuts: Set<UInt32> = [0]
    for range in distinct.flatMap(\.ranges) {
      cuts.insert(range.lower)
      if range.upper < ScalarSet.largest { cuts.insert(range.upper + 1) }
    }
    guard cuts.count * distinct.count < 1_000_000 else { return nil }
    var known: [[Bool]: Int] = [:]
    var examples: [UInt32] = []
    var bounds: [ScalarClass] = []
    for cut in cuts.sorted() {
      let signature = distinct.map { $0.contains(cut) }
      let index = known[signature] ?? known.count
      if index == known.count {
        known[signature] = index
        examples.append(cut)
      }
      if bounds.last?.index != UInt32(index) {
        bounds.append(ScalarClass(lower: cut, index: UInt32(index)))
      }
    }
    guard known.count <= Self.maximumCount else { return nil }
    (count, self.examples, self.bounds) = (known.count, examples, bounds)
  }

  /// The class of a character.
  func index(of scalar: UInt32) -> UInt8 {
    UInt8(truncatingIfNeeded: bounds.last { $0.lower <= scalar }?.index ?? 0)
  }
}

/// The first character of a run of one class.
struct ScalarClass {
  var lower: UInt32
  var index: UInt32
}

private struct ScalarRanges: Hashable {
  let ranges: [ScalarRange]

  init(_ ranges: ArraySlice<ScalarRange>) { self.ranges = Array(ranges) }

  func contains(_ scalar: UInt32) -> Bool {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if scalar < ranges[middle].lower {
        high = middle
      } else if scalar > ranges[middle].upper {
        low = middle + 1
      } else {
        return true
      }
    }
    return false
  }
}
