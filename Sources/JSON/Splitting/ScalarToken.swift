/// Follows a number or a word up to its end, without keeping it.
struct ScalarToken: Sendable {
  /// What a byte means.
  enum Step {
    /// It belongs to the token.
    case goesOn
    /// The token has ended before it.
    case hasEnded
    /// The token is none.
    case isNone
  }

  // The word that it must be; nil for a number.
  private let word: StaticString?
  private var count = 0

  init(first: UInt8) {
    word =
      switch first {
      case 0x66: "false"
      case 0x6E: "null"
      case 0x74: "true"
      default: nil
      }
  }

  /// Whether nothing is missing.
  var isWhole: Bool { word.map { count == $0.utf8CodeUnitCount } ?? true }

  mutating func follow(_ byte: UInt8) -> Step {
    let belongs: Bool
    if let word {
      belongs = count < word.utf8CodeUnitCount && word.utf8Start[count] == byte
    } else {
      switch byte {
      case 0x2B, 0x2D, 0x2E, 0x30...0x39, 0x45, 0x65: belongs = true
      default: belongs = false
      }
    }
    if belongs {
      count += 1
      return .goesOn
    }
    switch byte {
    case 0x09, 0x0A, 0x0D, 0x20, 0x22, 0x2C, 0x5B, 0x5D, 0x7B, 0x7D:
      return isWhole ? .hasEnded : .isNone
    default: return .isNone
    }
  }
}
