extension ExactNumber {
  /// Whether this is a whole multiple of a number above zero.
  ///
  /// Fractions count as they are written, in decimal: 0.3 is a multiple of 0.1.
  func isMultiple(of divisor: ExactNumber) -> Bool {
    if kind == .signed, divisor.kind == .signed, divisor.signed != 0 {
      return signed.magnitude.isMultiple(of: divisor.signed.magnitude)
    }
    let (value, step) = (double, divisor.double)
    // Where the doubles divide without a rest so do the decimals that they stand for.
    if kind == .double, divisor.kind == .double,
      value.truncatingRemainder(dividingBy: step) == 0
    {
      return true
    }
    guard let left = Decimal(self), let right = Decimal(divisor) else { return false }
    return left.isMultiple(of: right)
  }
}

/// A decimal number: digits, and the power of ten that they count.
private struct Decimal {
  var digits: UInt64
  var exponent: Int

  init?(_ number: ExactNumber) {
    switch number.kind {
    case .signed: (digits, exponent) = (number.signed.magnitude, 0)
    case .unsigned: (digits, exponent) = (number.unsigned, 0)
    case .double:
      // The shortest decimal that stands for the double is the one that was meant.
      var digits: UInt64 = 0
      var exponent = 0
      var text = Substring(number.double.magnitude.description)
      if let mark = text.firstIndex(where: { $0 == "e" }) {
        guard let written = Int(text[text.index(after: mark)...]) else { return nil }
        exponent = written
        text = text[..<mark]
      }
      var isFraction = false
      for character in text {
        if character == "." {
          isFraction = true
          continue
        }
        guard let digit = character.wholeNumberValue else { return nil }
        let (product, overflow) = digits.multipliedReportingOverflow(by: 10)
        if overflow { return nil }
        digits = product + UInt64(digit)
        if isFraction { exponent -= 1 }
      }
      (self.digits, self.exponent) = (digits, exponent)
    }
    while digits != 0, digits.isMultiple(of: 10) {
      digits /= 10
      exponent += 1
    }
  }

  func isMultiple(of other: Decimal) -> Bool {
    if digits == 0 { return true }
    if other.digits == 0 { return false }
    if exponent < other.exponent {
      // No trailing zeros are left: only a larger power of ten could divide this.
      return false
    }
    var rest = UInt128(digits % other.digits)
    var factor = UInt128(10 % other.digits)
    var power = exponent - other.exponent
    while power > 0 {
      if power & 1 == 1 { rest = rest * factor % UInt128(other.digits) }
      factor = factor * factor % UInt128(other.digits)
      power >>= 1
    }
    return rest == 0
  }
}
