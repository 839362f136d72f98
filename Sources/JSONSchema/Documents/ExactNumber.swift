@_spi(Tape) import JSON

/// A number of a document or a schema, compared by value and without rounding: 1 is 1.0, and
/// 9007199254740993 is not 9007199254740992.0.
struct ExactNumber: Sendable {
  /// How the number is held.
  enum Kind: UInt8, Sendable {
    case signed
    case unsigned
    case double
  }

  let kind: Kind
  /// Whether it was written without fraction and exponent.
  let isWrittenAsInteger: Bool
  private let bits: UInt64

  init(_ value: Int64) {
    kind = .signed
    isWrittenAsInteger = true
    bits = UInt64(bitPattern: value)
  }

  init(_ value: UInt64) {
    kind = .unsigned
    isWrittenAsInteger = true
    bits = value
  }

  init(_ value: Double, isWrittenAsInteger: Bool = false) {
    kind = .double
    self.isWrittenAsInteger = isWrittenAsInteger
    bits = value.bitPattern
  }

  /// The number at an index of a tape, which must be one.
  @inline(__always)
  init(_ tape: JSONTape, at index: Int) {
    switch tape.tag(at: index) {
    case JSONTag.integer: self.init(tape.integer(at: index))
    case JSONTag.unsigned: self.init(tape.unsigned(at: index))
    case JSONTag.largeInteger: self.init(tape.double(at: index), isWrittenAsInteger: true)
    default: self.init(tape.double(at: index))
    }
  }

  var signed: Int64 { Int64(bitPattern: bits) }
  var unsigned: UInt64 { bits }

  /// The nearest double.
  var double: Double {
    switch kind {
    case .signed: Double(signed)
    case .unsigned: Double(unsigned)
    case .double: Double(bitPattern: bits)
    }
  }

  /// Whether it has no fraction, however it is written.
  var isIntegral: Bool { kind != .double || double.rounded(.towardZero) == double }

  /// Below zero where this is smaller than the other, zero where they are equal.
  func compared(to other: ExactNumber) -> Int {
    switch (kind, other.kind) {
    case (.signed, .signed): Self.order(signed, other.signed)
    case (.unsigned, .unsigned): Self.order(unsigned, other.unsigned)
    case (.double, .double): Self.order(double, other.double)
    case (.signed, .unsigned):
      signed < 0 ? -1 : Self.order(UInt64(signed), other.unsigned)
    case (.unsigned, .signed): -other.compared(to: self)
    case (.double, _): -other.compared(to: self)
    case (.signed, .double): Self.order(signed, other.double)
    case (.unsigned, .double): Self.order(unsigned, other.double)
    }
  }

  private static func order<L: BinaryInteger>(_ left: L, _ right: Double) -> Int {
    if right >= 0x1p65 { return -1 }
    if right <= -0x1p65 { return 1 }
    let whole = right.rounded(.down)
    let wide = Int128(whole)
    if Int128(left) != wide { return Int128(left) < wide ? -1 : 1 }
    return whole < right ? -1 : 0
  }

  private static func order<N: Comparable>(_ left: N, _ right: N) -> Int {
    left < right ? -1 : (left == right ? 0 : 1)
  }

  /// As JSON text.
  var text: String {
    switch kind {
    case .signed: signed.description
    case .unsigned: unsigned.description
    case .double: double.description
    }
  }
}

extension ExactNumber: Equatable {
  static func == (left: ExactNumber, right: ExactNumber) -> Bool {
    left.compared(to: right) == 0
  }
}
