/// The hours that plots show: whole ones, the last of which is not over yet.
struct TrendsWindow: Hashable {
  static let maximumHours = 168
  static let hour: Int64 = 3_600_000

  /// The first hour's begin, in milliseconds since 1970-01-01 00:00:00 UTC.
  let begin: Int64
  let hours: Int

  /// - Throws: ``WebError`` with status 400 where the address asks for what is no such window.
  init(_ query: QueryParameters, now: Int64) throws(WebError) {
    guard let hours = query.count("hours", default: 24), (1...Self.maximumHours).contains(hours) else {
      throw .badParameter("hours", "is no whole number from 1 to \(Self.maximumHours)")
    }
    self.init(hours: hours, now: now)
  }

  init(hours: Int, now: Int64) {
    self.hours = hours
    begin = (now / Self.hour + 1 - Int64(hours)) * Self.hour
  }

  /// When an hour begins, counted from 0.
  func time(_ hour: Int) -> Int64 { begin + Int64(hour) * Self.hour }

  /// An hour's begin as people read it: `2025-10-06 08:00`.
  func text(_ hour: Int) -> String { String(PageTime(time(hour)).text.prefix(16)) }

  /// How many hours a point stands for where single hours have too few jobs: there are about two dozen points.
  var hoursPerPoint: Int { (hours + 23) / 24 }

  /// What is written at the axis of time: at whole days, or at hours of the day that several parts have in common.
  var labels: [(hour: Int, text: String)] {
    let step = [1, 2, 3, 6, 12, 24].first { hours / $0 <= 8 } ?? 24
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return (0...hours).compactMap { hour in
      let ofDay = Int(time(hour) / Self.hour % 24)
      guard ofDay % step == 0 else { return nil }
      let text = text(hour)
      guard ofDay == 0 else { return (hour, String(text.suffix(5))) }
      let parts = text.prefix(10).split(separator: "-").compactMap { Int($0) }
      guard parts.count == 3, months.indices.contains(parts[1] - 1) else { return (hour, text) }
      return (hour, "\(parts[2]) \(months[parts[1] - 1])")
    }
  }
}
