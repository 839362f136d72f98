/// Patterns like `^[class]+$`: all characters of the string are of one class.
struct ByteTableShape {
  /// For each byte 1 where it may occur, and 0.
  let bytes: [UInt8]
  /// The fewest bytes.
  let minimum: Int
  /// The most bytes; nil where there may be any number.
  let maximum: Int?

  init?(_ node: PatternNode) {
    guard case .sequence(let nodes) = node, nodes.count == 3, case .start = nodes[0],
      case .end = nodes[2]
    else { return nil }
    switch nodes[1] {
    case .repetition(.set(let set), let minimum, let maximum, _),
      .repetition(.capture(.set(let set), _), let minimum, let maximum, _),
      .capture(.repetition(.set(let set), let minimum, let maximum, _), _):
      guard let table = Self.table(set, countsMatter: minimum > 1 || maximum != nil) else {
        return nil
      }
      (bytes, self.minimum, self.maximum) = (table, minimum, maximum)
    default: return nil
    }
  }

  // A class with some characters beyond ASCII cannot be told by single bytes, one with all of them
  // can, as long as nobody counts.
  private static func table(_ set: ScalarSet, countsMatter: Bool) -> [UInt8]? {
    let beyond = set.ranges.filter { $0.upper >= 0x80 }
    let hasAll =
      beyond.count == 1 && beyond[0].lower <= 0x80
      && beyond[0].upper == ScalarSet.largest
    guard beyond.isEmpty || hasAll && !countsMatter else { return nil }
    return (UInt32(0)...255).map { $0 < 0x80 ? (set.contains($0) ? 1 : 0) : (hasAll ? 1 : 0) }
  }
}
