import JobStore

/// How far a push's jobs are: a bar, and the counts in words.
///
/// The bar is a drawing: the page's policy has no room for styles in attributes.
struct ProgressBar {
  struct Count {
    let letter: String
    let number: Int
    let label: String
  }

  /// The drawing's markup; nil where there are no jobs.
  let drawing: String?
  /// What there is, failures first.
  let counts: [Count]
  /// In one sentence, for those who do not see the bar.
  let summary: String
  /// In percent, rounded down: 100 stands for all.
  let percent: Int
  let total: Int

  /// - Parameter counts: by ``JobAppearance``'s number.
  init(_ counts: [Int]) {
    let present = JobAppearance.allCases.filter { counts[$0.rawValue] > 0 }
    let total = counts.reduce(0, +)
    let completed = present.filter(\.isCompleted).reduce(0) { $0 + counts[$1.rawValue] }
    self.total = total
    self.counts = present.map { Count(letter: "\($0.letter)", number: counts[$0.rawValue], label: $0.label) }
    percent = total == 0 ? 0 : completed * 100 / total
    summary =
      total == 0
      ? "No jobs yet"
      : "\(completed) of \(total) \(total == 1 ? "job" : "jobs") completed: "
        + self.counts.map { "\($0.number) \($0.label)" }.joined(separator: ", ")
    guard total > 0 else {
      drawing = nil
      return
    }
    // Whole thousandths; the last one takes what rounding left. What there is of at all can be seen.
    var html = HTMLWriter()
    html.markup(#"<svg class=bar viewBox="0 0 1000 8" preserveAspectRatio=none aria-hidden=true>"#)
    var x = 0
    for (index, appearance) in present.enumerated() {
      let isLast = index == present.count - 1
      let width = isLast ? 1000 - x : max(6, min(counts[appearance.rawValue] * 1000 / total, 1000 - x))
      html.markup("<rect class=")
      html.markup(appearance.letter)
      html.markup(" x=")
      html.integer(Int64(x))
      html.markup(" width=")
      html.integer(Int64(max(width, 0)))
      html.markup(" height=8 />")
      x += width
    }
    html.markup("</svg>")
    drawing = html.string
  }

  /// Of jobs that a store has counted.
  init(_ counted: [PushSummary.Count]) {
    var counts = [Int](repeating: 0, count: JobAppearance.allCases.count)
    for count in counted { counts[JobAppearance(state: count.state, result: count.result).rawValue] += count.jobs }
    self.init(counts)
  }
}
