/// Dates and times of RFC 3339, section 5.6, that exist in the calendar.
enum DateTimeFormat {
  static func matchesDateTime(_ text: inout TextCursor) -> Bool {
    guard let date = date(&text), text.take(0x54) || text.take(0x74),
      let time = time(&text), text.isAtEnd
    else { return false }
    return time.second < 60 || isLeapSecond(time, on: date)
  }

  static func matchesDate(_ text: inout TextCursor) -> Bool {
    date(&text) != nil && text.isAtEnd
  }

  static func matchesTime(_ text: inout TextCursor) -> Bool {
    guard let time = time(&text), text.isAtEnd else { return false }
    return time.second < 60 || isLeapSecond(time, on: nil)
  }

  private struct Date {
    var year: Int
    var month: Int
    var day: Int
  }

  private struct Time {
    var minutes: Int
    var second: Int
    /// How far the clock is ahead of UTC, in minutes.
    var offset: Int
  }

  private static func date(_ text: inout TextCursor) -> Date? {
    guard let year = text.number(digits: 4), text.take(0x2D),
      let month = text.number(digits: 2), text.take(0x2D),
      let day = text.number(digits: 2), (1...12).contains(month), day >= 1,
      day <= dayCount(year, month)
    else { return nil }
    return Date(year: year, month: month, day: day)
  }

  private static func time(_ text: inout TextCursor) -> Time? {
    guard let hour = text.number(digits: 2), text.take(0x3A),
      let minute = text.number(digits: 2), text.take(0x3A),
      let second = text.number(digits: 2), hour < 24, minute < 60, second <= 60
    else { return nil }
    if text.take(0x2E), text.skip(while: ASCII.isDigit) == 0 { return nil }
    guard let offset = offset(&text) else { return nil }
    return Time(minutes: hour * 60 + minute, second: second, offset: offset)
  }

  private static func offset(_ text: inout TextCursor) -> Int? {
    switch text.next() {
    case 0x5A, 0x7A: return 0
    case let sign? where sign == 0x2B || sign == 0x2D:
      guard let hour = text.number(digits: 2), text.take(0x3A),
        let minute = text.number(digits: 2), hour < 24, minute < 60
      else { return nil }
      return (hour * 60 + minute) * (sign == 0x2B ? 1 : -1)
    default: return nil
    }
  }

  // A second is added at the end of a day of UTC, which is the last one of its month.
  private static func isLeapSecond(_ time: Time, on date: Date?) -> Bool {
    let minutes = time.minutes - time.offset
    let day = minutes < 0 ? -1 : (minutes >= 1440 ? 1 : 0)
    guard minutes - day * 1440 == 1439 else { return false }
    guard let date else { return true }
    let last = dayCount(date.year, date.month)
    return switch day {
    case -1: date.day == 1
    case 0: date.day == last
    default: date.day == last - 1
    }
  }

  private static func dayCount(_ year: Int, _ month: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }
}
