/// A line of a job's panel.
public struct DetailRecord: Sendable, Hashable, Codable {
  /// What the line is about.
  public var title: String
  /// What it says; the text of the link, where it is one.
  public var value: String
  /// Where it leads, if anywhere.
  public var url: String?
  /// `link` or `text`.
  public var contentType: String

  /// A detail; with a URL it is a link.
  public init(title: String, value: String, url: String?) {
    self.title = title
    self.value = value
    self.url = url
    contentType = url == nil ? "text" : "link"
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

  /// An artifact.
  public init(name: String, type: String, blob: String) {
    self.name = name
    self.type = type
    self.blob = blob
  }
}
