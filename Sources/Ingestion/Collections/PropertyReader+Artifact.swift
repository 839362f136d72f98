import JSON
import JobStore
import PulseJob

/// An artifact with what was found in it.
struct SubmittedArtifact {
  var record: ArtifactRecord
  var details: [DetailRecord] = []
}

extension PropertyReader {
  /// Name and type are keys of rows and words of an interface.
  private static let wordLength = 255

  /// An artifact; those whose names mean something are looked into.
  mutating func artifact(_ value: JSONValue) -> SubmittedArtifact? {
    let name = text("name", of: value, limit: Self.wordLength, isRequired: true)
    let type = text("type", of: value, limit: Self.wordLength, isRequired: true)
    guard let blob = member("blob", of: value, isRequired: true), let name, let type else { return nil }
    return within("blob") { $0.artifact(name, type, blob) }
  }

  private mutating func artifact(_ name: String, _ type: String, _ blob: JSONValue) -> SubmittedArtifact? {
    guard blob.utf8 != nil else {
      var artifact = SubmittedArtifact(record: ArtifactRecord(name: name, type: type, blob: blob.text()))
      look(into: blob, of: &artifact)
      return artifact
    }
    guard let text = storable(blob) else { return nil }
    var artifact = SubmittedArtifact(record: ArtifactRecord(name: name, type: type, blob: text))
    let isSpecial = name == ArtifactRecord.jobInfo || name == ArtifactRecord.textLogSummary
    guard type == "json" || isSpecial else { return artifact }
    do {
      try JSONParser().withDocument(of: Array(text.utf8)) { look(into: $0, of: &artifact) }
    } catch {
      fail("is of type json and no JSON: \(error)")
    }
    return artifact
  }

  private mutating func look(into blob: JSONValue, of artifact: inout SubmittedArtifact) {
    guard artifact.record.name == ArtifactRecord.jobInfo || artifact.record.name == ArtifactRecord.textLogSummary else {
      return
    }
    guard blob.kind == .object else { return fail("is \(blob.noun), an object is asked") }
    if artifact.record.name == ArtifactRecord.jobInfo {
      artifact.details = list("job_details", of: blob) { $0.detail($1) }
    } else {
      artifact.record.summary = summary(blob)
    }
  }

  // MARK: Job Info

  private static let contentTypes: Set<String> = ["text", "link", "raw_html"]

  private mutating func detail(_ value: JSONValue) -> DetailRecord? {
    let title = text("title", of: value, isRequired: true)
    let content = scalar("value", of: value) ?? ""
    let url = text("url", of: value)
    let type = value["content_type"]?.string ?? ""
    return title.map {
      DetailRecord(title: $0, value: content, url: url, contentType: Self.contentTypes.contains(type) ? type : "text")
    }
  }

  /// A value as text, whatever it is.
  private mutating func scalar(_ key: StaticString, of value: JSONValue) -> String? {
    guard let member = value[key], !member.isNull else { return nil }
    return member.utf8 == nil ? member.text() : within(key) { $0.storable(member) }
  }

  // MARK: Log summaries

  private mutating func summary(_ value: JSONValue) -> LogSummary? {
    let name = text("logname", of: value, limit: Self.wordLength) ?? LogSummary.defaultLogName
    let url = text("logurl", of: value)
    return object("step_data", of: value, isRequired: true) { reader, data in
      var steps = reader.list("steps", of: data) { $0.step($1) }
      if steps.allSatisfy({ $0.order != nil }) {
        steps = steps.enumerated().sorted { ($0.element.order ?? 0, $0.offset) < ($1.element.order ?? 0, $1.offset) }
          .map(\.element)
      }
      return LogSummary(
        logName: name, logURL: url, steps: steps.map(\.step),
        areErrorsTruncated: data["errors_truncated"].map { !$0.isNothing } ?? false)
    }
  }

  private mutating func step(_ value: JSONValue) -> (order: Int?, step: LogRecord.Step)? {
    let errors = list("errors", of: value) { reader, value in
      reader.scalar("line", of: value).map {
        LogRecord.LineError(line: $0, lineNumber: Self.lineNumber("linenumber", of: value))
      }
    }
    let first = Self.lineNumber("started_linenumber", of: value) ?? 0
    let step = LogRecord.Step(
      name: text("name", of: value) ?? "", result: text("result", of: value) ?? "unknown",
      started: Self.stepTime("started", of: value), finished: Self.stepTime("finished", of: value), firstLine: first,
      lastLine: Self.lineNumber("finished_linenumber", of: value) ?? first, errors: errors)
    return (value["order"]?.integer.flatMap { Int(exactly: $0) }, step)
  }

  /// A line that a producer numbers below the first one, or by no number, has none.
  private static func lineNumber(_ key: StaticString, of value: JSONValue) -> Int? {
    value[key]?.number.flatMap { Int(exactly: $0) }.flatMap { $0 >= 0 ? $0 : nil }
  }

  /// When a step began or ended, as log parsers write it: a date and time without an offset. One that cannot be read is
  /// left out; the artifact keeps it.
  private static func stepTime(_ key: StaticString, of value: JSONValue) -> Int64? {
    guard let member = value[key] else { return nil }
    if let text = member.string, let time = Timestamp(text) { return time.millisecondsSince1970 }
    guard let seconds = member.number, seconds > 0, seconds < 253_402_300_800 else { return nil }
    return Int64((seconds * 1_000).rounded())
  }
}
