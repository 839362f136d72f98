/// A step of a pattern's engine.
struct PatternInstruction {
  /// What it does.
  enum Operation: UInt8 {
    /// The pattern, or the group of a look, has matched.
    case match
    /// One character of the ranges `first`, `second` of them.
    case set
    /// The same to the left of the position.
    case setBefore
    /// Goes on at `first`, and at `second` where that fails.
    case split
    /// Goes on at `first`.
    case jump
    case start
    case end
    case wordBoundary
    case notWordBoundary
    /// Remembers the position in the slot `first`.
    case save
    /// Fails where the position is the one that the slot `first` remembers.
    case progress
    /// Matches what follows up to a `match` from here, and goes on at `first`.
    case look
    /// Goes on at `first` where what follows up to a `match` does not match.
    case notLook
    /// The text of the group `first` again.
    case backreference
    /// The same to the left of the position.
    case backreferenceBefore
  }

  var operation: Operation
  var first: Int32 = 0
  var second: Int32 = 0
}
