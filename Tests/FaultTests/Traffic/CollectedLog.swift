import Logging
import Synchronization

/// The last lines that were logged, for the report of a test that fails.
final class CollectedLog: Sendable {
  private static let capacity = 60
  private let lines = Mutex<[String]>([])

  /// A logger that writes here.
  var logger: Logger {
    var logger = Logger(label: "faults") { _ in Handler(log: self) }
    logger.logLevel = .debug
    return logger
  }

  /// The lines, oldest first.
  var text: String { lines.withLock { $0.joined(separator: "\n") } }

  private func append(_ line: String) {
    lines.withLock { lines in
      if lines.count >= Self.capacity { lines.removeFirst(lines.count - Self.capacity + 1) }
      lines.append(line)
    }
  }

  private struct Handler: LogHandler {
    let log: CollectedLog
    let begin = ContinuousClock.now
    var logLevel = Logger.Level.debug
    var metadata: Logger.Metadata = [:]
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let all = metadata.merging(event.metadata ?? [:]) { $1 }
      let details = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
      log.append("\((ContinuousClock.now - begin).inSeconds) \(event.level) \(event.message) \(details)")
    }
  }
}

extension Duration {
  /// The duration as a report shows it.
  var inSeconds: String {
    let milliseconds = components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    let rest = String(milliseconds % 1_000)
    return "\(milliseconds / 1_000).\(String(repeating: "0", count: 3 - rest.count))\(rest) s"
  }
}
