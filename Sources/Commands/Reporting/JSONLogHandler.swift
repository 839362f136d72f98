import Foundation
import Logging

/// Writes each log line to standard error as a JSON object: `time`, `level`, `label`, `message`, and the metadata.
struct JSONLogHandler: LogHandler {
  let label: String
  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?

  init(label: String) {
    self.label = label
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var fields = metadata
    fields.merge(metadataProvider?.get() ?? [:]) { $1 }
    fields.merge(event.metadata ?? [:]) { $1 }
    var object = fields.mapValues { "\($0)" }
    object["time"] = Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    object["level"] = event.level.rawValue
    object["label"] = label
    object["message"] = "\(event.message)"
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // A dictionary of strings can always be encoded.
    guard let line = try? encoder.encode(object) else { return }
    Console.note(String(decoding: line, as: UTF8.self))
  }
}
