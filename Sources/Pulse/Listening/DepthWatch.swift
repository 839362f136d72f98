public import Logging

/// Watches how long a queue is, and says once what a change means.
///
/// PulseGuardian deletes a queue that grows too long, with everything in it. Somewhat fewer messages than brought a
/// warning end it again, so that a queue that stays about there is not reported at every count.
public struct DepthWatch: Sendable {
  /// Messages from which on PulseGuardian warns a queue's owner: its `warn_queue_size`. Unacknowledged ones count.
  public static let warningCount = 2_000
  /// Messages from which on a deletion is near: time to act is left at three quarters of ``deletionCount``.
  public static let alarmCount = 6_000
  /// Messages above which PulseGuardian deletes a queue: its `del_queue_size`. Unacknowledged ones count.
  public static let deletionCount = 8_000

  /// How long a queue is.
  public enum Depth: Int, Sendable, Comparable {
    /// Nothing to say of it.
    case usual
    /// PulseGuardian warns.
    case long
    /// PulseGuardian is about to delete it.
    case endangered

    /// From short to long.
    public static func < (left: Depth, right: Depth) -> Bool { left.rawValue < right.rawValue }

    /// The count from which on a queue is as long as this.
    fileprivate var threshold: Int {
      switch self {
      case .usual: 0
      case .long: DepthWatch.warningCount
      case .endangered: DepthWatch.alarmCount
      }
    }
  }

  /// What is to be logged.
  public struct Report: Sendable, Hashable, CustomStringConvertible {
    /// How bad it is.
    public let level: Logger.Level
    /// What has happened, in one line.
    public let description: String
  }

  /// How long the queue was at the last count.
  public private(set) var depth = Depth.usual

  /// A watch over a queue of the usual length.
  public init() {}

  /// Takes a count of the queue's messages; returns what it means, where that is news.
  public mutating func observe(_ count: Int) -> Report? {
    let before = depth
    depth = Self.depth(at: count, after: before)
    guard depth != before else { return nil }
    let limits = """
      PulseGuardian warns from \(Self.warningCount) on and deletes a queue above \(Self.deletionCount), unacknowledged \
      messages included
      """
    return switch depth {
    case .endangered:
      Report(
        level: .error,
        description: "the queue has \(count) messages and will be deleted above \(Self.deletionCount) by PulseGuardian")
    case .long where depth > before:
      Report(level: .warning, description: "the queue has \(count) messages: \(limits)")
    case .long:
      Report(level: .notice, description: "the queue is down to \(count) messages, which are many still: \(limits)")
    case .usual:
      Report(level: .notice, description: "the queue is down to \(count) messages")
    }
  }

  private static func depth(at count: Int, after before: Depth) -> Depth {
    if count >= max(before, .endangered).threshold || (before == .endangered && !isBelow(count, .endangered)) {
      return .endangered
    }
    if count >= Depth.long.threshold || (before >= .long && !isBelow(count, .long)) { return .long }
    return .usual
  }

  /// Whether `count` is far enough below the threshold to end what it began: under three quarters of it.
  private static func isBelow(_ count: Int, _ depth: Depth) -> Bool { count < depth.threshold / 4 * 3 }
}
