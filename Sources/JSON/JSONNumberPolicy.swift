/// What becomes of an integer that does not fit 64 bits.
public enum JSONNumberPolicy: Sendable {
  /// It is an error.
  case strict
  /// It is kept as the nearest double, and still counts as written without a fraction.
  case rounded
}
