import HTTPTypes
import JobStore

/// What trends were told last: reading them takes a while, and nobody needs them by the second.
///
/// They are read for one question at a time, so that the readers of a store are left to the other pages; those who ask the
/// same wait for the same answer.
actor TrendsCache {
  /// Trends, and when they were read.
  struct Answer: Sendable {
    let trends: JobTrends
    /// In milliseconds since 1970-01-01 00:00:00 UTC.
    let time: Int64
  }

  private struct Entry {
    let task: Task<Answer, any Error>
    /// Nil until it was read.
    var end: ContinuousClock.Instant?
  }

  /// How long an answer is told at least; one that took long is told ten times as long as it took.
  private static let validity = Duration.seconds(10)
  /// How many answers are kept.
  private static let maximum = 64

  private let store: any Store
  private let timeout: Duration
  private let clock = ContinuousClock()
  private var entries: [TrendsQuery: Entry] = [:]
  private var last: Task<Answer, any Error>?

  /// - Parameter timeout: after how long a reading is given up.
  init(_ store: any Store, timeout: Duration) {
    self.store = store
    self.timeout = timeout
  }

  /// - Parameter now: in milliseconds since 1970-01-01 00:00:00 UTC.
  func trends(_ query: TrendsQuery, now: Int64) async throws -> Answer {
    entries = entries.filter { entry in entry.value.end.map { $0 > clock.now } ?? true }
    if let entry = entries[query] { return try await entry.task.value }
    guard entries.count < Self.maximum else {
      throw WebError(.serviceUnavailable, .detail("Too many trends are asked for at once: ask again in a moment."))
    }
    let task = Task { [store, timeout, last] in
      try await TimeLimit.run(timeout) {
        _ = await last?.result
        try Task.checkCancellation()
        return Answer(trends: try await store.trends(query), time: now)
      }
    }
    last = task
    entries[query] = Entry(task: task)
    let begin = clock.now
    do {
      let answer = try await task.value
      entries[query]?.end = clock.now + max(Self.validity, (clock.now - begin) * 10)
      return answer
    } catch {
      entries[query] = nil
      throw error
    }
  }
}
