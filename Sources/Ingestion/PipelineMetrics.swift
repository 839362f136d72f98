import Metrics

/// What a pipeline counts: `drover_jobs_total` by outcome, and `drover_store_batch`, how long a batch takes to be stored.
struct PipelineMetrics: Sendable {
  private let counters: [(count: any KeyPath<Pipeline.Counts, Int> & Sendable, counter: Counter)]
  private let batchTime = Timer(label: "drover_store_batch")

  init() {
    func counted(
      _ outcome: String, _ count: any KeyPath<Pipeline.Counts, Int> & Sendable
    ) -> (any KeyPath<Pipeline.Counts, Int> & Sendable, Counter) {
      (count, Counter(label: "drover_jobs_total", dimensions: [("outcome", outcome)]))
    }
    counters = [
      counted("stored", \.stored), counted("duplicate", \.duplicates), counted("waiting", \.waiting),
      counted("rejected", \.rejected), counted("skipped", \.skipped), counted("released", \.released),
    ]
  }

  /// Hands on what has come since `earlier`.
  func record(_ counts: Pipeline.Counts, since earlier: Pipeline.Counts) {
    for (count, counter) in counters where counts[keyPath: count] > earlier[keyPath: count] {
      counter.increment(by: counts[keyPath: count] - earlier[keyPath: count])
    }
  }

  func record(batchTime time: Duration) { batchTime.record(duration: time) }
}
