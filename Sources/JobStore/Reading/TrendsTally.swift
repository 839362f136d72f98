/// Sums jobs up to what trends tell of them.
///
/// The database only reads them: what it takes for percentiles, with window functions, is several times of that.
struct TrendsTally {
  /// The columns of the jobs' rows.
  enum Column: Int {
    case type, state, result, start, end
    /// The last that the job says itself, if it says something.
    case last
    case pushTime, stored
  }

  private struct Outcome: Hashable, Comparable {
    let hour: Int
    let state: Int
    let result: String

    static func < (left: Outcome, right: Outcome) -> Bool {
      (left.hour, left.state, left.result) < (right.hour, right.state, right.result)
    }
  }

  private struct Share {
    var finished = 0
    var failed = 0
  }

  private let query: TrendsQuery
  private var jobs = 0
  private var outside = 0
  private var outcomes: [Outcome: Int] = [:]
  private var lags: [[Int64]]
  private var shares: [Int64: [Int: Share]] = [:]
  private var failures: [Int64: Int] = [:]
  private var durations: [Int64: [Int64]] = [:]

  init(_ query: TrendsQuery) {
    self.query = query
    lags = [[Int64]](repeating: [], count: query.hours)
  }

  /// Adds a job.
  mutating func add(_ row: Int, of rows: RowTable) {
    func integer(_ column: Column) -> Int64? { rows.integer(row, column) }
    guard let type = integer(.type), let state = integer(.state), let pushTime = integer(.pushTime),
      let stored = integer(.stored)
    else { return }
    jobs += 1
    let last = integer(.last)
    let time = last ?? pushTime
    // What is in the window can be subtracted from what is; other times come from outside and are any number.
    guard time >= query.begin, time < query.end else {
      outside += 1
      return
    }
    let hour = Int((time - query.begin) / 3_600_000)
    let result = rows.text(row, Column.result) ?? ""
    outcomes[Outcome(hour: hour, state: Int(state), result: result), default: 0] += 1
    if last != nil, result != "superseded" { lags[hour].append(stored > time ? stored - time : 0) }
    guard state == JobRecord.State.completed.rawValue else { return }
    let isFailure = ["busted", "testfailed", "exception"].contains(result)
    guard isFailure || result == "success" else { return }
    shares[type, default: [:]][hour, default: Share()].finished += 1
    if isFailure {
      shares[type, default: [:]][hour, default: Share()].failed += 1
      failures[type, default: 0] += 1
    }
    if let start = integer(.start), let end = integer(.end), start > 0, start <= end {
      durations[type, default: []].append(end - start)
    }
  }

  /// Writes down what there is.
  func tell(_ trends: inout JobTrends) {
    trends.jobs = jobs
    trends.outside = outside
    trends.outcomes = outcomes.sorted { $0.key < $1.key }.compactMap { outcome, jobs in
      guard let state = JobRecord.State(rawValue: outcome.state) else { return nil }
      return .init(hour: outcome.hour, state: state, result: outcome.result, jobs: jobs)
    }
    trends.lags = lags.indices.filter { !lags[$0].isEmpty }.map { hour in
      let (median, high) = Self.percentiles(lags[hour])
      return .init(hour: hour, jobs: lags[hour].count, median: median, high: high)
    }
    let worst = failures.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(query.failingTypes)
    trends.failures = worst.flatMap { type, _ in
      (shares[type] ?? [:]).sorted { $0.key < $1.key }.map { hour, share in
        .init(type: type, hour: hour, finished: share.finished, failed: share.failed)
      }
    }
    let all = durations.map { type, values in
      let (median, high) = Self.percentiles(values)
      return JobTrends.Durations(type: type, jobs: values.count, median: median, high: high)
    }
    let slowest = all.sorted { ($1.median, $1.high, $0.type) < ($0.median, $0.high, $1.type) }
    trends.durations = Array(slowest.prefix(query.slowTypes))
  }

  /// The median and the 95th percentile of values, of which there is at least one.
  private static func percentiles(_ values: [Int64]) -> (median: Int64, high: Int64) {
    let sorted = values.sorted()
    func value(_ percent: Int) -> Int64 { sorted[(sorted.count * percent + 99) / 100 - 1] }
    return (value(50), value(95))
  }
}
