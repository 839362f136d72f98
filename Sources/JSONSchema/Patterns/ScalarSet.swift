/// A range of Unicode scalar values.
struct ScalarRange: Hashable, Sendable {
  var lower: UInt32
  var upper: UInt32
}

/// A set of Unicode scalar values as sorted ranges that do not touch.
struct ScalarSet: Equatable, Sendable {
  private(set) var ranges: [ScalarRange]

  static let largest: UInt32 = 0x10FFFF

  init(_ ranges: [ScalarRange]) {
    var merged: [ScalarRange] = []
    for range in ranges.sorted(by: { $0.lower < $1.lower }) {
      if let last = merged.last, range.lower <= last.upper + 1 {
        merged[merged.count - 1].upper = max(last.upper, range.upper)
      } else {
        merged.append(range)
      }
    }
    self.ranges = merged
  }

  init(_ scalar: UInt32) { ranges = [ScalarRange(lower: scalar, upper: scalar)] }

  init(where predicate: (Unicode.Scalar) -> Bool) {
    var found: [ScalarRange] = []
    for value in 0...Self.largest {
      guard let scalar = Unicode.Scalar(value), predicate(scalar) else { continue }
      if let last = found.last, last.upper + 1 == value {
        found[found.count - 1].upper = value
      } else {
        found.append(ScalarRange(lower: value, upper: value))
      }
    }
    ranges = found
  }

  var inverted: ScalarSet {
    var result: [ScalarRange] = []
    var next: UInt32 = 0
    for range in ranges {
      if range.lower > next { result.append(ScalarRange(lower: next, upper: range.lower - 1)) }
      next = range.upper + 1
    }
    if next <= Self.largest { result.append(ScalarRange(lower: next, upper: Self.largest)) }
    return ScalarSet(result)
  }

  func union(_ other: ScalarSet) -> ScalarSet { ScalarSet(ranges + other.ranges) }

  func contains(_ scalar: UInt32) -> Bool {
    ranges.contains { $0.lower <= scalar && scalar <= $0.upper }
  }

  // The classes of ECMA-262, section 22.2.2.9.

  static let digits = ScalarSet([ScalarRange(lower: 0x30, upper: 0x39)])

  static let wordCharacters = ScalarSet([
    ScalarRange(lower: 0x30, upper: 0x39), ScalarRange(lower: 0x41, upper: 0x5A),
    ScalarRange(lower: 0x5F, upper: 0x5F), ScalarRange(lower: 0x61, upper: 0x7A),
  ])

  static let spaces = ScalarSet(
    [
      0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029,
      0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ].map { ScalarRange(lower: $0.lowerBound, upper: $0.upperBound) })

  static let lineTerminators = ScalarSet(
    [0x0A, 0x0D, 0x2028, 0x2029].map { ScalarRange(lower: $0, upper: $0) })
}
