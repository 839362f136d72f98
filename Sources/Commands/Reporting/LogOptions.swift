public import ArgumentParser
public import Logging

/// The options of every command that say what is logged, and how.
public struct LogOptions: ParsableArguments {
  /// How log lines look.
  public enum Format: String, Sendable, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  /// What is logged at least.
  @Option(help: "What is logged to standard error: trace, debug, info, notice, warning, error or critical.")
  public var logLevel: Level = .init(level: .notice)

  /// How it looks.
  @Option(help: "How log lines look: text or json.")
  public var logFormat: Format = .text

  /// The defaults: notices and worse, as text.
  public init() {}

  /// A logger as asked for.
  public func logger(_ label: String) -> Logger {
    var logger =
      switch logFormat {
      case .text: Logger(label: label) { StreamLogHandler.standardError(label: $0) }
      case .json: Logger(label: label) { JSONLogHandler(label: $0) }
      }
    logger.logLevel = logLevel.level
    return logger
  }

  /// A log level as an argument.
  public struct Level: ExpressibleByArgument, Sendable, CustomStringConvertible {
    /// The level.
    public let level: Logger.Level

    /// A level.
    public init(level: Logger.Level) { self.level = level }

    /// Reads a level's name; nil where there is none of that name.
    public init?(argument: String) {
      guard let level = Logger.Level(rawValue: argument) else { return nil }
      self.level = level
    }

    /// What the command's help lists.
    public static var allValueStrings: [String] { Logger.Level.allCases.map(\.rawValue) }

    /// The level's name.
    public var description: String { level.rawValue }
  }
}
