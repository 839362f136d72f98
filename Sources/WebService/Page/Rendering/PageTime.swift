/// Times and durations as people read them.
struct PageTime {
  /// As programs read it: `2025-10-06T08:02:41Z`.
  let iso: String
  /// `2025-10-06 08:02:41`, in UTC.
  let text: String

  /// A time in milliseconds since 1970-01-01 00:00:00 UTC.
  init(_ milliseconds: Int64) {
    var bytes: [UInt8] = []
    CalendarTime.append(milliseconds / 1000 * 1000, to: &bytes)
    let time = String(decoding: bytes, as: UTF8.self)
    iso = time + "Z"
    text = time.replacing("T", with: " ", maxReplacements: 1)
  }

  /// How long something took: `48 s`, `21 min 30 s`, `3 h 05 min`, `2 d 3 h`; nil where it ends before it begins.
  static func duration(from start: Int64?, to end: Int64?) -> String? {
    guard let start, let end else { return nil }
    let (milliseconds, hasOverflown) = end.subtractingReportingOverflow(start)
    guard !hasOverflown, milliseconds >= 0 else { return nil }
    let seconds = milliseconds / 1000
    switch seconds {
    case 0 where milliseconds > 0: return "under 1 s"
    case ..<60: return "\(seconds) s"
    case ..<3600: return seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds / 60) min \(seconds % 60) s"
    case ..<86_400:
      let minutes = seconds / 60 % 60
      return minutes == 0 ? "\(seconds / 3600) h" : "\(seconds / 3600) h \(minutes < 10 ? "0" : "")\(minutes) min"
    default:
      let hours = seconds / 3600 % 24
      return hours == 0 ? "\(seconds / 86_400) d" : "\(seconds / 86_400) d \(hours) h"
    }
  }
}
