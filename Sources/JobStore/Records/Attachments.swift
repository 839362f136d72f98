/// A line of a job's panel.
public struct DetailRecord: Sendable, Hashable, Codable {
  /// What the line is about.
  public var title: String
  /// What it says; the text of the link, where it is one.
  public var value: String
  /// Where it leads, if anywhere.
  public var url: String?
  /// `text`, `link`, or `raw_html` for a value that is shown as HTML.
  public var contentType: String

  /// A detail; where nothing else is said, it is a link with a URL and text without.
  public init(title: String, value: String, url: String?, contentType: String? = nil) {
    self.title = title
    self.value = value
    self.url = url
    self.contentType = contentType ?? (url == nil ? "text" : "link")
  }
}

/// Something attached to a job; a job has one of each name.
public struct ArtifactRecord: Sendable, Hashable, Codable {
  /// The artifact's name, for example `Job Info`.
  public var name: String
  /// `json`, or what the producer calls it.
  public var type: String
  /// The content: text, or JSON as text.
  public var blob: String
  /// What is read out of a `text_log_summary`; it goes with the log that it is of.
  public var summary: LogSummary?

  /// The name of the artifact that says what the steps of a log are and which lines of it are errors.
  public static let textLogSummary = "text_log_summary"
  /// The name of the artifact that says which bugs a job's errors may be.
  public static let bugSuggestions = "Bug suggestions"
  /// The name of the artifact whose content is lines of the job's panel.
  public static let jobInfo = "Job Info"

  /// An artifact.
  public init(name: String, type: String, blob: String, summary: LogSummary? = nil) {
    self.name = name
    self.type = type
    self.blob = blob
    self.summary = summary
  }
}
