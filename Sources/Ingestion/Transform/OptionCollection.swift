/// The labels of a job as a set with a name.
enum OptionCollection {
  /// The SHA-1 of the sorted labels, joined without anything between them.
  static func hash(of labels: [String]) -> String { labels.sorted().joined().sha1 }
}
