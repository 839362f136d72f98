public import Logging
import Synchronization

/// Keeps what is logged, for a test to look at.
public final class LogRecorder: Sendable {
  /// A line of the log.
  public struct Line: Sendable, Hashable {
    /// How bad it is.
    public let level: Logger.Level
    /// Message and metadata.
    public let text: String
  }

  private let recorded = Mutex<[Line]>([])

  /// A recorder without lines.
  public init() {}

  /// What was logged until now.
  public var lines: [Line] { recorded.withLock { $0 } }

  /// A logger that this keeps everything of.
  public var logger: Logger {
    var logger = Logger(label: "test") { _ in Handler(recorder: self) }
    logger.logLevel = .trace
    return logger
  }

  private struct Handler: LogHandler {
    let recorder: LogRecorder
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    init(recorder: LogRecorder) { self.recorder = recorder }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let fields = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
      let text = ["\(event.message)"] + fields.map { "\($0.key)=\($0.value)" }
      recorder.recorded.withLock { $0.append(Line(level: event.level, text: text.joined(separator: " "))) }
    }
  }
}
