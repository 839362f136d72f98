/// A moment, to the millisecond, as a job message writes it.
public struct Timestamp: Sendable, Hashable, Comparable {
  /// Milliseconds since 1970-01-01 00:00:00 UTC, leap seconds not counted.
  public var millisecondsSince1970: Int64

  /// The moment `milliseconds` after 1970-01-01 00:00:00 UTC.
  public init(millisecondsSince1970 milliseconds: Int64) {
    millisecondsSince1970 = milliseconds
  }

  /// Reads an ISO 8601 date and time: `2025-02-26T22:45:17.250-08:00`.
  ///
  /// Wider than RFC 3339 where producers are: a space in place of the T, an offset without colon or without minutes,
  /// seconds left out, and no offset at all, which means UTC. Digits beyond milliseconds are dropped. Second 60 is
  /// taken as the first of the next minute.
  ///
  /// - Returns: nil for anything else, a day that the month does not have included.
  public init?(_ text: String) {
    var text = text
    guard let time = text.withUTF8({ Timestamp(utf8: $0) }) else { return nil }
    self = time
  }

  /// Reads the same out of bytes.
  init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
    var scanner = Scanner(bytes: bytes)
    guard let date = scanner.date() else { return nil }
    guard scanner.take("T") || scanner.take("t") || scanner.take(" ") else { return nil }
    guard let time = scanner.time(), let offset = scanner.offset(), scanner.isAtEnd else { return nil }
    millisecondsSince1970 = (date * 86_400 + time.seconds - offset) * 1_000 + time.milliseconds
  }

  /// Whether `left` is the earlier one.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.millisecondsSince1970 < right.millisecondsSince1970
  }
}

private struct Scanner {
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0

  var isAtEnd: Bool { position == bytes.count }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Exactly `count` digits as a number within `range`.
  mutating func number(digits count: Int, in range: ClosedRange<Int64>) -> Int64? {
    guard position + count <= bytes.count else { return nil }
    var value: Int64 = 0
    for byte in bytes[position..<position + count] {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    guard range.contains(value) else { return nil }
    position += count
    return value
  }

  /// Days since 1970-01-01.
  mutating func date() -> Int64? {
    guard let year = number(digits: 4, in: 0...9999), take("-"), let month = number(digits: 2, in: 1...12), take("-"),
      let day = number(digits: 2, in: 1...31)
    else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengthOfMonth: Int64 =
      switch month {
      case 2: isLeap ? 29 : 28
      case 4, 6, 9, 11: 30
      default: 31
      }
    guard day <= lengthOfMonth else { return nil }
    // Years that begin in March have their leap day last: the day number is then a plain sum (719,468 days lie between
    // 0000-03-01 and 1970-01-01).
    let marchYear = month <= 2 ? year - 1 : year
    let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  mutating func time() -> (seconds: Int64, milliseconds: Int64)? {
    guard let hour = number(digits: 2, in: 0...23), take(":"), let minute = number(digits: 2, in: 0...59) else {
      return nil
    }
    var seconds: Int64 = 0
    var milliseconds: Int64 = 0
    if take(":") {
      guard let value = number(digits: 2, in: 0...60) else { return nil }
      seconds = value
      if take(".") || take(",") {
        var weight: Int64 = 100
        let start = position
        while let digit = number(digits: 1, in: 0...9) {
          milliseconds += digit * weight
          weight /= 10
        }
        guard position > start else { return nil }
      }
    }
    return (hour * 3600 + minute * 60 + seconds, milliseconds)
  }

  /// Seconds east of UTC.
  mutating func offset() -> Int64? {
    if isAtEnd || take("Z") || take("z") { return 0 }
    let sign: Int64
    if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
    guard let hours = number(digits: 2, in: 0...23) else { return nil }
    if isAtEnd { return sign * hours * 3600 }
    _ = take(":")
    guard let minutes = number(digits: 2, in: 0...59) else { return nil }
    return sign * (hours * 3600 + minutes * 60)
  }
}
