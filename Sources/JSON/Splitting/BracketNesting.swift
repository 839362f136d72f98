/// Follows the brackets and strings of one value up to its end.
struct BracketNesting: Sendable {
  /// What a stretch of bytes brought.
  struct Outcome {
    /// How many of the bytes belong to the value.
    var consumed = 0
    /// How many line feeds are among them.
    var lines = 0
    /// Whether the value ends with them.
    var isComplete = false
    /// Whether bytes that no JSON text has occurred outside strings.
    var isDamaged = false
  }

  // Deeper brackets are only counted: the parser refuses them anyhow.
  private static let maximumKept = 1024

  private var open: [UInt8] = []
  private var uncounted = 0
  private var isInString = false
  private var isEscaped = false

  /// Reads on.
  ///
  /// - Parameter closesList: Whether a `]` that closes nothing of the value closes the list around
  ///   it, and so ends the value before it.
  mutating func follow(_ bytes: UnsafeRawBufferPointer, closesList: Bool) -> Outcome {
    var outcome = Outcome()
    for byte in bytes {
      if isInString {
        outcome.consumed += 1
        followString(byte, &outcome)
      } else {
        switch byte {
        case 0x22: isInString = true
        case 0x5B, 0x7B: enter(byte + 2)
        case 0x5D where closesList && !open.contains(0x5D) && uncounted == 0:
          outcome.isComplete = true
          return outcome
        case 0x5D, 0x7D: leave(byte)
        case 0x0A: outcome.lines += 1
        case 0x09, 0x0D, 0x20...: break
        default: outcome.isDamaged = true
        }
        outcome.consumed += 1
      }
      if open.isEmpty, uncounted == 0, !isInString {
        outcome.isComplete = true
        return outcome
      }
    }
    return outcome
  }

  private mutating func followString(_ byte: UInt8, _ outcome: inout Outcome) {
    if byte == 0x0A {
      // No string goes beyond its line: this one was never closed.
      outcome.lines += 1
      isInString = false
      isEscaped = false
    } else if isEscaped {
      isEscaped = false
    } else if byte == 0x5C {
      isEscaped = true
    } else if byte == 0x22 {
      isInString = false
    }
  }

  private mutating func enter(_ closing: UInt8) {
    if open.count < Self.maximumKept { open.append(closing) } else { uncounted += 1 }
  }

  private mutating func leave(_ closing: UInt8) {
    if uncounted > 0 {
      uncounted -= 1
    } else if let index = open.lastIndex(of: closing) {
      open.removeSubrange(index...)
    }
  }
}
