import JobStore

/// Which jobs of a page are shown, as its address says.
struct JobFilter: Sendable, Hashable {
  /// The parameters, in the order in which they are shown.
  static let names = ["text", "failures", "result", "state", "tier", "platform", "group", "name"]

  /// Words that all have to occur somewhere in what a job is called.
  var words: [String] = []
  var onlyFailures = false
  /// Results as they are stored; empty for all, as with the other lists.
  var results: Set<String> = []
  var states: Set<Int64> = []
  var tiers: Set<Int64> = []
  /// In lower case: what a platform with its options contains.
  var platforms: [String] = []
  /// A group's symbol, or in lower case what its name contains.
  var groups: [String] = []
  /// In lower case: what a job's name or symbol contains.
  var jobNames: [String] = []

  /// Reads the parameters; lists are separated by commas, what cannot be meant is passed over.
  init(_ query: QueryParameters) {
    func list(_ name: String) -> [String] {
      query.values(name).flatMap { $0.split(separator: ",") }.map(\.trimmed).filter { !$0.isEmpty }
    }
    words = query.values("text").flatMap { $0.lowercased().split(separator: " ") }.map(String.init)
    onlyFailures = query["failures"].map { $0 != "" && $0 != "0" } ?? false
    results = Set(list("result"))
    states = Set(
      list("state").compactMap { name in JobRecord.State.allCases.first { $0.name == name } }.map { Int64($0.rawValue) }
    )
    tiers = Set(list("tier").compactMap { Int64($0) })
    platforms = list("platform").map { $0.lowercased() }
    groups = list("group")
    jobNames = list("name").map { $0.lowercased() }
  }

  /// Whether all jobs are shown.
  var isEmpty: Bool { self == JobFilter(QueryParameters(nil)) }
}

extension Substring {
  fileprivate var trimmed: String {
    var text = self
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
