/// Times as Treeherder writes them: `2016-06-10T15:40:16.363000`, without a zone, which is UTC.
enum CalendarTime {
  private static let day: Int64 = 86_400_000

  /// Reads a date, or a date and a time, with or without a fraction and a `Z`.
  ///
  /// - Returns: milliseconds since 1970-01-01 00:00:00 UTC; nil for anything else.
  static func milliseconds(_ text: String) -> Int64? {
    var text = text[...]
    if text.hasSuffix("Z") { text.removeLast() }
    let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "T" || $0 == " " }
    guard let date = parts.first, let days = days(date) else { return nil }
    guard parts.count == 2 else { return days * day }
    let time = parts[1].split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(time.count), let hour = number(time[0], 0...23), let minute = number(time[1], 0...59) else {
      return nil
    }
    var milliseconds: Int64 = 0
    if time.count == 3 {
      let seconds = time[2].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      guard let second = number(seconds[0], 0...60) else { return nil }
      milliseconds = second * 1000
      if seconds.count == 2 {
        guard !seconds[1].isEmpty, seconds[1].count <= 9, seconds[1].utf8.allSatisfy({ (48...57).contains($0) }),
          let fraction = Int64((seconds[1] + "000").prefix(3))
        else { return nil }
        milliseconds += fraction
      }
    }
    return days * day + (hour * 60 + minute) * 60_000 + milliseconds
  }

  private static func number(_ text: Substring, _ range: ClosedRange<Int64>) -> Int64? {
    guard text.utf8.count == 2, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int64(text).flatMap { range.contains($0) ? $0 : nil }
  }

  /// Days since 1970-01-01, by Howard Hinnant's `days_from_civil`, whose years begin in March.
  private static func days(_ date: Substring) -> Int64? {
    let parts = date.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].utf8.count == 4, parts[0].utf8.allSatisfy({ (48...57).contains($0) }),
      let calendarYear = Int64(parts[0]), let month = number(parts[1], 1...12), let day = number(parts[2], 1...31)
    else { return nil }
    let year = month <= 2 ? calendarYear - 1 : calendarYear
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// The years 0 to 9999.
  private static let range: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_000

  /// Appends a time, its fraction in microseconds where there is one: as Python's `isoformat` has it.
  ///
  /// One that needs more than four digits for its year becomes the last or the first that does not.
  static func append(_ milliseconds: Int64, to bytes: inout [UInt8]) {
    let milliseconds = min(max(milliseconds, range.lowerBound), range.upperBound)
    let days = Int64((Double(milliseconds) / Double(day)).rounded(.down))
    let rest = milliseconds - days * day
    // The same algorithm backwards.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    append(year, digits: 4, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    append(month, digits: 2, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    append(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1, digits: 2, to: &bytes)
    bytes.append(UInt8(ascii: "T"))
    append(rest / 3_600_000, digits: 2, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    append(rest / 60_000 % 60, digits: 2, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    append(rest / 1000 % 60, digits: 2, to: &bytes)
    guard rest % 1000 != 0 else { return }
    bytes.append(UInt8(ascii: "."))
    append(rest % 1000 * 1000, digits: 6, to: &bytes)
  }

  private static func append(_ value: Int64, digits: Int, to bytes: inout [UInt8]) {
    var divisor: Int64 = 1
    for _ in 1..<digits { divisor *= 10 }
    while divisor > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
      divisor /= 10
    }
  }
}
